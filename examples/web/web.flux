// A web server: the files and scripts of a folder over HTTP/1.1, as in section 4.2 of the paper.
source Listen => Web;
Web = ReadRequest -> CheckCache -> Find -> Respond -> Send;
Send = Write -> Log -> Complete;

typedef fresh IsFresh;
Find:[_, fresh] = ;
Find:[_, _] = LookUp -> StoreInCache;
typedef script IsScript;
Respond:[_, script] = RunScript;
Respond:[_, _] = Represent;

handle error Web -> Apologize;
Apologize = Explain -> Send;
source Tick => Flush;
Flush = TakeEntries -> AppendToLog;

constraint CheckCache:{cache?};
constraint StoreInCache:{cache};
constraint Log:{log};
constraint TakeEntries:{log};

Listen () -> (Connection conn);
ReadRequest (Connection conn) -> (Request request);
CheckCache (Request request) -> (Request request, Page page);
LookUp (Request request, Page page) -> (Request request, Page page);
StoreInCache (Request request, Page page) -> (Request request, Page page);
RunScript (Request request, Page page) -> (Request request, Reply reply);
Represent (Request request, Page page) -> (Request request, Reply reply);
Write (Request request, Reply reply) -> (Request request, Reply reply);
Log (Request request, Reply reply) -> (Request request, Reply reply);
Complete (Request request, Reply reply) -> ();
Explain (Connection conn) -> (Request request, Reply reply);
Tick () -> (uint64_t tick);
TakeEntries (uint64_t tick) -> (Entries entries);
AppendToLog (Entries entries) -> ();

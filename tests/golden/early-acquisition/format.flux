// Serve holds log around everything, so cache, which comes first, is taken with it.
source Listen => Serve;
source Tick => Clean;
Serve = Find -> Answer;
constraint Serve:{log};
constraint Find:{cache};
constraint Clean:{cache, log};
Listen () -> (int socket);
Find (int socket) -> (int socket);
Answer (int socket) -> ();
Tick () -> ();
Clean () -> ();

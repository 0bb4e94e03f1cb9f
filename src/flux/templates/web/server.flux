// A small web server: it shows pages, and counts their visits.

Listen () -> (Connection client);
ReadRequest (Connection client) -> (Connection client, Request request);
CountVisit (Connection client, Request request) -> (Connection client, Request request, int visits);
ShowPage (Connection client, Request request, int visits)
  -> (Connection client, Request request, Reply reply);
ShowVisits (Connection client, Request request)
  -> (Connection client, Request request, Reply reply);
NotFound (Connection client, Request request) -> (Connection client, Request request, Reply reply);
Send (Connection client, Request request, Reply reply) -> ();
Refuse (Connection client) -> ();
HangUp (Connection client, Request request, Reply reply) -> ();

source Listen => Serve;
Serve = ReadRequest -> Route -> Send;

typedef known IsKnown;
typedef visits IsVisits;
Route:[_, known] = CountVisit -> ShowPage;
Route:[_, visits] = ShowVisits;
Route:[_, _] = NotFound;

handle error ReadRequest -> Refuse;
handle error Send -> HangUp;

// Many may read the counts at a time, one may change them.
constraint CountVisit:{counts};
constraint ShowVisits:{counts?};

// A server that answers / with a text of 1 KB, out of memory.

source Listen => Serve;
Serve = ReadRequest -> Find -> Write -> Complete;

handle error Serve -> Apologize;

Listen () -> (Connection conn);
ReadRequest (Connection conn) -> (Connection conn, Request request);
Find (Connection conn, Request request) -> (Connection conn, Request request, bytes text);
Write (Connection conn, Request request, bytes text) -> (Connection conn, Request request);
Complete (Connection conn, Request request) -> ();

Apologize (Connection conn) -> ();

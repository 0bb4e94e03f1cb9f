// A server that replies from memory: /1, /16 and /100 are texts of so many KiB.

source Listen => Serve;
Serve = ReadRequest -> Find -> Write -> Complete;

handle error Serve -> Apologize;

Listen () -> (Connection conn);
ReadRequest (Connection conn) -> (Connection conn, Request request);
Find (Connection conn, Request request) -> (Connection conn, Reply reply);
Write (Connection conn, Reply reply) -> (Connection conn, Reply reply);
Complete (Connection conn, Reply reply) -> ();

Apologize (Connection conn) -> ();

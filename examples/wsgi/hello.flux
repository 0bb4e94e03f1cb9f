// Any application of WSGI over HTTP/1.1: a flow for each request.
source Listen => Serve;
Serve = ReadRequest -> Respond -> Complete;
handle error ReadRequest -> Refuse;
handle error Respond -> Apologize;

Listen () -> (Connection client);
ReadRequest (Connection client) -> (Exchange exchange);
Respond (Exchange exchange) -> (Exchange exchange);
Complete (Exchange exchange) -> ();
Refuse (Connection client) -> ();
Apologize (Exchange exchange) -> ();

Listen () -> (int socket);
Serve (int socket) -> ();
souce Listen => Serve;

Listen () -> (int socket);
Serve (int socket) -> ();

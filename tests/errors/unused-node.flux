Listen () -> (int socket);
Serve (int socket) -> ();
Refuse (int socket) -> ();
source Listen => Serve;

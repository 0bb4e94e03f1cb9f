Listen () -> (int socket, int port);
Serve (int socket) -> ();
source Listen => Serve;

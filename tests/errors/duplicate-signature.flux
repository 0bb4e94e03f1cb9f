Listen () -> (int socket);
Serve (int socket) -> ();
Listen () -> (int socket, int port);
source Listen => Serve;

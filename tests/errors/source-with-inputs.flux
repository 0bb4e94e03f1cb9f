Listen (int port) -> (int socket);
Serve (int socket) -> ();
source Listen => Serve;

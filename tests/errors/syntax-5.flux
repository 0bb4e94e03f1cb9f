Listen () -> (int socket);
Serve (int socket) -> ();
source Listen => Serve;
/* Serve answers one request

Listen () -> (unsigned socket);
Serve (unsigned int socket) -> ();
source Listen => Serve;

Listen () -> (int socket);
Init (int socket) -> ();
source Listen => Init;

Listen () -> (int socket);
read (int socket) -> ();
source Listen => read;

Listen () -> (int socket);
pass (int socket) -> ();
source Listen => pass;

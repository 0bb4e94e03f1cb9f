Listen () -> (int);
Serve (int socket) -> ();
source Listen => Serve;

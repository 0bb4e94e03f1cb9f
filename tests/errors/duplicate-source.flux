Listen () -> (int socket);
Serve (int socket) -> ();
Count (int socket) -> ();
source Listen => Serve;
source Listen => Count;

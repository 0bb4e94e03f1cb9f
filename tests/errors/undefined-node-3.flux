Listen () -> (int socket);
Serve (int socket) -> ();
Refuse (int socket) -> ();
source Listen => Serve;
handle error Serve -> Refuse;
handle error Reed -> Refuse;

Listen () -> (int socket);
Serve (int socket) -> ();
source Listen => Serve;
handle error Serve -> Refuse;
Refuse = Serve;

Listen () -> (int socket);
source Listen => Serve;
Serve (int socket) -> (int socket);
Serve = Serve;

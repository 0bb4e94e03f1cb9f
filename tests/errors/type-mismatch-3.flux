Listen () -> (int socket, str line);
Serve (str line, int socket) -> ();
source Listen => Serve;

Listen () -> (int socket);
Read (int socket) -> (int socket, str line);
Answer (int socket, str line) -> ();
source Listen => Serve;
Serve = Raed -> Answer;

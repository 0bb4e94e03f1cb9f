Listen () -> (int socket);
Read (int socket) -> (int socket, bytes line);
Answer (int socket, str line) -> ();
source Listen => Serve;
Serve = Read -> Answer;

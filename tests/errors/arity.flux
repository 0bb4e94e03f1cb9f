Listen () -> (int socket);
Read (int socket) -> (int socket);
Answer (int socket, str line) -> ();
source Listen => Serve;
Serve = Read -> Answer;

Listen () -> (int socket);
Read (int socket) -> (int socket, char* line);
Answer (int socket, char* line) -> ();
source Listen => Serve;
Serve = Read -> Answer;

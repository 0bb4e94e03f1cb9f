Listen () -> (int socket);
Read (int socket) -> (int socket);
Answer (int socket) -> ();
source Listen => Serve;
Serve (int socket) -> (int status);
Serve = Read -> Answer;

Listen () -> (int socket);
Read (long socket) -> (int socket);
Answer (int socket) -> ();
source Listen => Serve;
Serve (int socket) -> ();
Serve = Read -> Answer;

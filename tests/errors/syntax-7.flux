Listen () -> (int socket);
Read (int socket) -> (int socket);
Answer (int socket) -> ();
source Listen => Serve;
Serve = Read -> -> Answer;

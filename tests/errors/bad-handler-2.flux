Listen () -> (int socket);
Read (int socket) -> (int socket);
Answer (int socket) -> ();
Refuse (int socket) -> ();
source Listen => Serve;
Serve = Read -> Answer;
handle error Read -> Answer => Refuse;

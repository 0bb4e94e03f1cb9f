Listen () -> (int socket);
Read (int socket) -> (int socket, str line);
Answer (int socket, str line) -> ();
Refuse (int socket, str line) -> ();
source Listen => Serve;
Serve = Read -> Answer;
handle error Read -> Refuse;

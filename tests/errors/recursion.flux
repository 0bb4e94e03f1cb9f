Listen () -> (int socket);
Read (int socket) -> (int socket);
source Listen => Serve;
Serve = Read -> Answer;
Answer = Read -> Serve;

// The innermost handler wins, and gets the inputs of the node that failed.
source Listen => Serve;
Serve = Read -> Answer;
handle error Read -> Refuse;
handle error Serve -> Apologize;
Refuse = Log -> Close;
Listen () -> (int socket);
Read (int socket) -> (int socket, str line);
Answer (int socket, str line) -> ();
Log (int socket) -> (int socket);
Close (int socket) -> ();
Apologize (int socket) -> ();

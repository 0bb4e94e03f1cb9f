// Nodes one after the other; white space and parentheses mean nothing.
source Listen => Serve;
Serve = Read -> (Parse -> Answer) -> Close;
Listen () -> (int socket);
Read (int socket) -> (int socket, str line);
Parse (int socket, str line) -> (int socket, Request request);
Answer (int socket, Request request) -> (int socket);
Close (int socket) -> ();

// A whole flow is one turn, and only its first concrete node can end the source.
source Listen => Serve;
Listen = Wait -> Accept;
Accept = Greet -> Check;
Wait () -> (int socket);
Greet (int socket) -> (int socket);
Check (int socket) -> (int socket);
Serve (int socket) -> ();

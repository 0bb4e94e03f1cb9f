Wait (int port) -> (int port);
Accept (int port) -> (int socket);
Serve (int socket) -> ();
source Listen => Serve;
Listen = Wait -> Accept;

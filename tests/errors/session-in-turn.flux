Wait () -> (int socket);
Accept (int socket) -> (int socket);
Serve (int socket) -> ();
source Listen {session: ByAddress} => Serve;
Listen = Wait -> Accept;
constraint Accept:{cart(session)};
constraint Serve:{cart(session)};

Listen () -> (int socket);
Read (int socket) -> (int socket);
Answer (int socket) -> ();
source Listen {session: ByAddress} => Serve;
Serve = Read -> Answer;
constraint Read:{cart};
constraint Answer:{cart(session)};

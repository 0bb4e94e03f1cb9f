Listen () -> (int socket);
Look (int socket) -> (int socket);
Keep (int socket) -> ();
source Listen {session: ById} => Serve;
Serve = Look -> Keep;
constraint Look:{basket(session)};
constraint Keep:{basket(session)};

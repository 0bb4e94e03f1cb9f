Listen () -> (int socket);
Look (int socket) -> (int socket);
Keep (int socket) -> ();
source Listen => Serve;
Serve = Look -> Keep;
constraint Look:{cache?};
constraint Keep:{cache};

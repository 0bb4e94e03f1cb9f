Listen () -> (int socket);
Serve (int socket) -> ();
source Listen => Serve;
constraint Listen:{sockets};
constraint Serve:{sockets};

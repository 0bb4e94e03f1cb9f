// A handler may have a handler and constraints of its own.
source Listen => Serve;
handle error Serve -> Log;
handle error Log -> Panic;
constraint Log:{logfile};
constraint Serve:{table};
Listen () -> (int socket);
Serve (int socket) -> ();
Log (int socket) -> ();
Panic (int socket) -> ();

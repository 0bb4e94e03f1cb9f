Listen () -> (int socket);
Serve (int socket) -> ();
Apologize (int socket) -> ();
Log (int socket) -> ();
source Listen => Serve;
Refuse = Apologize;
handle error Apologize -> Log;

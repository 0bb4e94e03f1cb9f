// A failed turn is dropped, after its handler.
source Listen => Serve;
handle error Listen -> Pause;
Listen () -> (int socket);
Serve (int socket) -> ();
Pause () -> ();

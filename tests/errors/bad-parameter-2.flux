Listen (void) -> (int socket);
Serve (int socket) -> ();
source Listen => Serve;

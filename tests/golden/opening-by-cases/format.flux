// A turn that is opened by a node with cases, and handled as a whole.
source Listen {session: ByPeer} => Serve;
Listen = Prepare -> Choose;
Prepare = Wait -> Check;
Choose:[tls] = Encrypt;
Choose:[_] = ;
typedef tls IsTls;
handle error Listen -> Pause;
constraint Check:{peers};
constraint Serve:{peers};
Wait () -> (int socket);
Check (int socket) -> (int socket);
Encrypt (int socket) -> (int socket);
Pause () -> ();
Serve (int socket) -> ();

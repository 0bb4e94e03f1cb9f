// Constraints of a session exclude only flows of the same session.
source Listen {session: ByUser} => Serve;
Serve = Find -> Buy;
constraint Find:{cart?(session), stock?};
constraint Buy:{cart(session), stock};
Listen () -> (int socket, str user);
Find (int socket, str user) -> (int socket, str user);
Buy (int socket, str user) -> ();

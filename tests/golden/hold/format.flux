// Constraints are taken in the order of their names, and given back in reverse.
source Listen => Serve;
Serve = Read -> Store -> Answer;
constraint Read:{table};
constraint Store:{table, log};
constraint Answer:{log};
Listen () -> (int socket);
Read (int socket) -> (int socket);
Store (int socket) -> (int socket);
Answer (int socket) -> ();

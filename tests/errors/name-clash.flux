Listen () -> (int socket);
ReadLine (int socket) -> (int socket);
Read_Line (int socket) -> ();
source Listen => Serve;
Serve = ReadLine -> Read_Line;

Listen () -> (char name[16]);
Serve (char* name) -> ();
source Listen => Serve;

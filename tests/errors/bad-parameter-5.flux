Listen () -> (unsigned long);
Serve (unsigned long id) -> ();
source Listen => Serve;

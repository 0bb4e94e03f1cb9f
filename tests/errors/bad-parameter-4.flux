Listen () -> (void (*answer)(int));
Serve (Answer answer) -> ();
source Listen => Serve;

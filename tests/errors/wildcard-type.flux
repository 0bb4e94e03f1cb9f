Listen () -> (int number);
Serve (int number) -> ();
source Listen => Serve;
typedef _ IsAnything;

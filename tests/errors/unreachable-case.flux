Listen () -> (int number);
Double (int number) -> ();
Print (int number) -> ();
source Listen => Serve;
typedef small IsSmall;
Serve:[_] = Print;
Serve:[small] = Double;

Listen () -> (int number);
Double (int number) -> ();
Print (str word) -> ();
source Listen => Serve;
typedef small IsSmall;
Serve:[small] = Double;
Serve:[_] = Print;

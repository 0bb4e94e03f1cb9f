Listen () -> (int number, str name);
Double (int number, str name) -> ();
Print (int number, str name) -> ();
source Listen => Serve;
typedef small IsSmall;
Serve:[small] = Double;
Serve:[_, _] = Print;

Listen () -> (int number);
Double (int number) -> ();
Print (int number) -> ();
source Listen => Serve;
typedef small IsSmall;
typedef large IsLarge;
Serve:[small] = Double;
Serve:[large] = Print;

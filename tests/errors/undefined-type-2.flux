Listen () -> (int number);
Double (int number) -> (int number);
Print (int number) -> ();
source Listen => Serve;
Serve = Grow -> Print;
typedef small IsSmall;
Grow:[smal] = Double;
Grow:[_] = ;

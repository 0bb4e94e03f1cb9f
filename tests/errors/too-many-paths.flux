Listen () -> (int number);
Double (int number) -> (int number);
source Listen => Serve;
typedef small IsSmall;
Grow:[small] = Double;
Grow:[_] = ;
Serve = Four -> Four -> Four -> Four;
Four = Sixteen -> Sixteen -> Sixteen -> Sixteen;
Sixteen = Grow -> Grow -> Grow -> Grow;

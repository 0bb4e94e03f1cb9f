Listen () -> (int number);
Print (int number) -> ();
source Listen => Serve;
Serve = Skip -> Print;
Skip:[_] = ;

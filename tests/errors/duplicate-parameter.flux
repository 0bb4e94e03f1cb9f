Listen () -> (int number, str number);
Serve (int number, str text) -> ();
source Listen => Serve;

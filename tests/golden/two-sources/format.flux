// Two sources of one target, one of which is a node of a flow, too.
source Listen => Serve;
source Tick => Serve;
Serve = Tock -> Answer;
Tock (int number) -> ();
Answer () -> ();
Listen () -> (int number);
Tick () -> (int number);

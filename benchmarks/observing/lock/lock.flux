// A server that does nothing but compute, for as long as a schedule says, partly under a lock.
// Its flows come when the schedule says so, whatever the server does.

source Arrive => Serve;
Serve = Prepare -> Update -> Finish;

constraint Update:{state};

Arrive () -> (Job job);
Prepare (Job job) -> (Job job);
Update (Job job) -> (Job job);
Finish (Job job) -> ();

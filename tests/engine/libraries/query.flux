// Asks a PostgreSQL database `SQL` COUNT times, over a connection each, one flow each.

source Numbers => Asking;
Asking = Ask -> Print;
handle error Ask -> Complain;

constraint Print:{terminal};
constraint Complain:{terminal};

Numbers () -> (int number);
Ask (int number) -> (int number, std::string answer, int thread);
Print (int number, std::string answer, int thread) -> ();
Complain (int number) -> ();

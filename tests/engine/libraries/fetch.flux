// Fetches `ADDRESS/1` to `ADDRESS/COUNT` with libcurl, one flow each.

source Numbers => Fetching;
Fetching = Fetch -> Print;
handle error Fetch -> Complain;

constraint Print:{terminal};
constraint Complain:{terminal};

Numbers () -> (int number);
Fetch (int number) -> (int number, std::string text, int thread);
Print (int number, std::string text, int thread) -> ();
Complain (int number) -> ();

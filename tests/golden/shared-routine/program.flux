// One routine for each set of constraints that a node is entered with.
source Listen => Serve;
Serve = Store -> Change -> Store;
Change = Clean -> Store;
Store = Find -> Write;
constraint Change:{table};
constraint Write:{table};
Listen () -> (str key);
Find (str key) -> (str key);
Write (str key) -> (str key);
Clean (str key) -> (str key);

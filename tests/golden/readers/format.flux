// Readers run side by side; what is needed as a writer inside is taken as a writer at once.
source Listen => Serve;
Serve = Find -> Update;
constraint Find:{cache?};
constraint Update:{cache?};
constraint Store:{cache!};
Update = Change -> Store;
Listen () -> (str key);
Find (str key) -> (str key);
Change (str key) -> (str key);
Store (str key) -> ();

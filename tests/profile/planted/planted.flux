// Flows of three kinds, by their numbers: hot for the processor, for a lock, and in a failure.

source Numbers => Job;
Job:[heavy] = Burn;
Job:[slow] = Keep;
Job:[_] = Refuse;

typedef heavy IsHeavy;
typedef slow IsSlow;

handle error Refuse -> Apologize;

constraint Keep:{store};
constraint Apologize:{light};

Numbers () -> (int number);
Job (int number) -> ();
Burn (int number) -> ();
Keep (int number) -> ();
Refuse (int number) -> ();
Apologize (int number) -> ();

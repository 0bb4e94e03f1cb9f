// Ways multiply: a call behind others carries a factor.
source Listen => Serve;
Serve = Choose -> Choose -> Choose -> Answer;
typedef small IsSmall;
Choose:[small] = Double;
Choose:[_] = ;
Listen () -> (int number);
Double (int number) -> (int number);
Answer (int number) -> ();

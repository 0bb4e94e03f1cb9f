// A node that is declared to give nothing drops what its flow gives.
source Listen => Serve;
Serve (int number) -> ();
Serve:[small] = Double;
Serve:[_] = Count -> Spell;
typedef small IsSmall;
Listen () -> (int number);
Double (int number) -> (int number);
Count (int number) -> (int number);
Spell (int number) -> (str word);

Listen () -> (int number);
Spell (int number) -> (str word);
Print (str word) -> ();
source Listen => Serve;
Serve = Write -> Print;
typedef small IsSmall;
Write:[small] = Spell;
Write:[_] = ;

Listen () -> (int number);
Even (int number) -> ();
typedef even Even;
source Listen => Choose;
Choose:[even] = Even;
Choose:[_] = Odd;
Odd (int number) -> ();

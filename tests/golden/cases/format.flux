// The first case whose patterns match; an empty flow hands its inputs on.
source Listen => Serve;
Serve = Look -> Choose -> Answer;
typedef small IsSmall;
typedef urgent IsUrgent;
Choose:[small, urgent] = ;
Choose:[small, _] = Wait -> Count;
Choose:[_, urgent] = Count;
Listen () -> (int number);
Look (int number) -> (int number, str text);
Wait (int number, str text) -> (int number, str text);
Count (int number, str text) -> (int number, str text);
Answer (int number, str text) -> ();

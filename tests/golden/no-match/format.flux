// No case may match; a predicate that fails is the node's failure.
source Listen => Serve;
Serve:[small] = Answer;
typedef small IsSmall;
handle error Serve -> Refuse;
Listen () -> (int number);
Answer (int number) -> ();
Refuse (int number) -> ();

"""The path of each flow has a number, and the number a name (language.md, section 6)."""

from flux.conformance.behaviour import Behaviour, Counts
from flux.conformance.script import Fails, Gives

CHOICES = """
    Accept () -> (int n);
    Decode (int n) -> (int n);
    Fetch (int n) -> (int n);
    Pack (int n) -> (int n);
    Tell (int n) -> (int n);
    Rescue (int n) -> (int n);
    typedef coded IsCoded;
    typedef hit IsHit;
    Plain:[coded] = Decode;
    Plain:[_] = ;
    Listen = Accept -> Plain;
    Find:[hit] = ;
    Find:[_] = Fetch -> Squeeze;
    Squeeze:[hit] = Pack;
    Squeeze:[_] = Tell -> Pack;
    Serve = Find -> Find -> Tell;
    source Listen => Serve;
"""

PATHS = (
    Behaviour(
        "a path is named after its nodes and cases, the turn's included",
        CHOICES,
        {
            "Accept": [Gives(1), Gives(2)],
            "IsCoded": {2: Gives(1)},
            "IsHit": {1: Gives(1)},
        },
        Counts(finished=2),
        paths=(
            "Accept -> Plain:[_] -> Find:[hit] -> Find:[hit] -> Tell",
            (
                "Accept -> Plain:[coded] -> Decode -> Find:[_] -> Fetch -> Squeeze:[_] -> Tell -> "
                "Pack -> Find:[_] -> Fetch -> Squeeze:[_] -> Tell -> Pack -> Tell"
            ),
        ),
    ),
    Behaviour(
        "each use of a node is a place of its own",
        CHOICES,
        {"Accept": [Gives(1)], "IsHit": [Gives(0), Gives(1), Gives(1)]},
        paths=(
            (
                "Accept -> Plain:[_] -> Find:[_] -> Fetch -> Squeeze:[hit] -> Pack -> "
                "Find:[hit] -> Tell"
            ),
        ),
    ),
    Behaviour(
        "an error's path ends where it happened, in any use of the node",
        CHOICES,
        {
            "Accept": [Gives(n) for n in range(1, 5)],
            "IsHit": {4: Gives(1)},
            "Fetch": {1: Fails()},
            "Pack": {2: Fails()},
            "Tell": {3: Gives(4), 4: Fails()},
        },
        Counts(failed=4),
        paths=(
            (
                "Accept -> Plain:[_] -> Find:[_] -> Fetch -> Squeeze:[_] -> Tell -> Pack -> "
                "Find:[hit] -> Tell fails"
            ),
            "Accept -> Plain:[_] -> Find:[_] -> Fetch -> Squeeze:[_] -> Tell -> Pack fails",
            "Accept -> Plain:[_] -> Find:[_] -> Fetch fails",
            "Accept -> Plain:[_] -> Find:[hit] -> Find:[hit] -> Tell fails",
        ),
    ),
    Behaviour(
        "a handled path goes on through the handler",
        CHOICES + "handle error Squeeze -> Rescue;",
        {
            "Accept": [Gives(1), Gives(2)],
            "Pack": Fails(),
            "IsHit": {2: Fails()},
            "Rescue": {2: Gives(2)},
        },
        Counts(handled=1, failed=1),
        paths=(
            (
                "Accept -> Plain:[_] -> Find:[_] -> Fetch -> Squeeze:[_] -> Tell -> Pack fails -> "
                "Rescue"
            ),
            "Accept -> Plain:[_] -> Find:[hit] can't be tested",
        ),
    ),
    Behaviour(
        "a handler's choices and failures are parts of the path",
        """
        Listen () -> (int n);
        Work (int n) -> (int n);
        Log (int n) -> (int n);
        Cry (int n) -> ();
        Pray (int n) -> ();
        typedef bad IsBad;
        Rescue:[bad] = Log -> Cry;
        Rescue:[_] = Cry;
        Serve = Work -> Work;
        handle error Serve -> Rescue;
        handle error Cry -> Pray;
        source Listen => Serve;
        """,
        {
            "Listen": [Gives(1), Gives(2), Gives(3), Gives(4)],
            "Work": Fails(),
            "IsBad": {2: Gives(1), 3: Gives(1)},
            "Log": {3: Fails()},
            "Cry": {4: Fails()},
        },
        Counts(handled=3, failed=1),
        paths=(
            "Listen -> Work fails -> Rescue:[_] -> Cry",
            "Listen -> Work fails -> Rescue:[_] -> Cry fails -> Pray",
            "Listen -> Work fails -> Rescue:[bad] -> Log -> Cry",
            "Listen -> Work fails -> Rescue:[bad] -> Log fails",
        ),
    ),
    Behaviour(
        "no match is the end of a path",
        """
        Listen () -> (int n);
        Work (int n) -> (int n);
        typedef good IsGood;
        Choose:[good] = Work;
        Serve = Choose -> Choose;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1), Gives(2)], "IsGood": {1: Gives(1)}, "Work": {1: Gives(3)}},
        Counts(failed=2),
        paths=(
            "Listen -> Choose: no match",
            "Listen -> Choose:[good] -> Work -> Choose: no match",
        ),
    ),
    Behaviour(
        "a failed turn has a path, too",
        """
        Accept () -> (int n);
        Check (int n) -> (int n);
        Listen = Accept -> Check;
        Work (int n) -> ();
        Bye (int n) -> ();
        source Listen {session: ById} => Work;
        handle error Check -> Bye;
        """,
        {
            "Accept": [Fails(), Gives(1), Gives(2), Gives(3)],
            "Check": {1: Fails()},
            "ById": {2: Fails()},
        },
        Counts(finished=1, dropped=3),
        paths=(
            "Accept -> Check -> ById fails",
            "Accept -> Check -> Work",
            "Accept -> Check fails -> Bye",
            "Accept fails",
        ),
    ),
    Behaviour(
        "constraints change no path",
        CHOICES + "constraint Serve:{b}; constraint Find:{a}; constraint Pack:{c};",
        {"Accept": [Gives(1)], "Pack": [Gives(1), Fails()]},
        Counts(failed=1),
        paths=(
            (
                "Accept -> Plain:[_] -> Find:[_] -> Fetch -> Squeeze:[_] -> Tell -> Pack -> "
                "Find:[_] -> Fetch -> Squeeze:[_] -> Tell -> Pack fails"
            ),
        ),
    ),
)

"""Choosing between cases (language.md, section 2: cases)."""

from flux.conformance.behaviour import Behaviour, Counts
from flux.conformance.script import Fails, Gives

SMALL_OR_EVEN = """
    Listen () -> (int n);
    Shrink (int n) -> (int n);
    Halve (int n) -> (int n);
    Leave (int n) -> (int n);
    Tell (int n) -> ();
    typedef small IsSmall;
    typedef even IsEven;
    Choose:[small] = Shrink;
    Choose:[even] = Halve;
    Choose:[_] = Leave;
    Serve = Choose -> Tell;
    source Listen => Serve;
"""

PAIR = """
    Listen () -> (int a, int b);
    Work (int a, int b) -> ();
    Other (int a, int b) -> ();
    typedef left IsLeft;
    typedef right IsRight;
    Choose:[left, right] = Work;
    Choose:[_, _] = Other;
    source Listen => Choose;
"""

CASES = (
    Behaviour(
        "the first case that matches is taken",
        SMALL_OR_EVEN,
        {
            "Listen": [Gives(1), Gives(2), Gives(3)],
            "IsSmall": {1: Gives(1)},
            "IsEven": {2: Gives(1)},
        },
        counts=Counts(finished=3),
        flows={
            1: "IsSmall(1) Shrink(1) Tell(1)",
            2: "IsSmall(2) IsEven(2) Halve(2) Tell(2)",
            3: "IsSmall(3) IsEven(3) Leave(3) Tell(3)",
        },
    ),
    Behaviour(
        "later predicates are not called after a match",
        SMALL_OR_EVEN,
        {"Listen": [Gives(1)], "IsSmall": Gives(1), "IsEven": Fails()},
        flows={1: "IsSmall(1) Shrink(1) Tell(1)"},
    ),
    Behaviour(
        "patterns are tested from left to right",
        PAIR,
        {"Listen": [Gives(1, 2)], "IsLeft": Gives(1), "IsRight": Gives(1)},
        order="IsLeft(1) IsRight(2) Work(1, 2)",
    ),
    Behaviour(
        "a pattern that doesn't match spares those to its right",
        PAIR,
        {"Listen": [Gives(1, 2)], "IsRight": Fails()},
        order="IsLeft(1) Other(1, 2)",
    ),
    Behaviour(
        "predicates are asked again: nothing is remembered",
        """
        Listen () -> (int n);
        Rest (int n) -> (int n);
        typedef tired IsTired;
        Pause:[tired] = Rest;
        Pause:[_] = ;
        Serve = Pause -> Pause;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1)], "IsTired": [Gives(1), Gives(0)]},
        flows={1: "IsTired(1) Rest(1) IsTired(1)"},
    ),
    Behaviour(
        "an empty case hands the inputs on",
        """
        Listen () -> (int n, int x);
        Fetch (int n, int x) -> (int n, int x);
        Tell (int n, int x) -> ();
        typedef hit InCache;
        Find:[_, hit] = ;
        Find:[_, _] = Fetch;
        Serve = Find -> Tell;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1, 5)], "InCache": {5: Gives(1)}},
        order="InCache(5) Tell(1, 5)",
    ),
    Behaviour(
        "a star is an underscore",
        """
        Listen () -> (int n);
        Work (int n) -> ();
        Choose:[*] = Work;
        source Listen => Choose;
        """,
        {"Listen": [Gives(1)]},
        flows={1: "Work(1)"},
    ),
    Behaviour(
        "a node none of whose cases matches fails",
        """
        Listen () -> (int n);
        Work (int n) -> (int n);
        Tell (int n) -> ();
        typedef good IsGood;
        Choose:[good] = Work;
        Serve = Choose -> Tell;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1), Gives(2)], "IsGood": {1: Gives(1)}},
        counts=Counts(finished=1, failed=1),
        flows={1: "IsGood(1) Work(1) Tell(1)", 2: "IsGood(2)"},
        log=("Choose",),
    ),
    Behaviour(
        "no match goes to the node's handler",
        """
        Listen () -> (int n);
        Work (int n) -> ();
        Rescue (int n) -> ();
        typedef good IsGood;
        Choose:[good] = Work;
        handle error Choose -> Rescue;
        source Listen => Choose;
        """,
        {"Listen": [Gives(1)]},
        counts=Counts(handled=1),
        flows={1: "IsGood(1) Rescue(1)"},
    ),
    Behaviour(
        "a predicate that fails is a failure of its node",
        """
        Listen () -> (int n);
        Work (int n) -> (int n);
        Rescue (int n) -> ();
        Tell (int n) -> ();
        typedef good IsGood;
        Choose:[good] = Work;
        Choose:[_] = ;
        handle error Choose -> Rescue;
        Serve = Choose -> Tell;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1)], "IsGood": Fails()},
        counts=Counts(handled=1),
        flows={1: "IsGood(1)! Rescue(1)"},
    ),
    Behaviour(
        "cases may stand within cases",
        """
        Listen () -> (int n);
        A (int n) -> (int n);
        B (int n) -> (int n);
        C (int n) -> (int n);
        typedef odd IsOdd;
        typedef big IsBig;
        Inner:[big] = A;
        Inner:[_] = B;
        Outer:[odd] = Inner -> C;
        Outer:[_] = Inner -> Inner;
        source Listen => Outer;
        """,
        {
            "Listen": [Gives(1), Gives(2), Gives(3)],
            "IsOdd": {1: Gives(1), 3: Gives(1)},
            "IsBig": {2: Gives(1), 3: Gives(1)},
        },
        counts=Counts(finished=3),
        flows={
            1: "IsOdd(1) IsBig(1) B(1) C(1)",
            2: "IsOdd(2) IsBig(2) A(2) IsBig(2) A(2)",
            3: "IsOdd(3) IsBig(3) A(3) C(3)",
        },
    ),
    Behaviour(
        "cases of different types are dropped by a node without outputs",
        """
        Listen () -> (int n);
        One (int n) -> (int n);
        Two (int n) -> (int n, int m);
        typedef odd IsOdd;
        Choose (int n) -> ();
        Choose:[odd] = One;
        Choose:[_] = Two;
        source Listen => Choose;
        """,
        {"Listen": [Gives(1), Gives(2)], "IsOdd": {1: Gives(1)}, "Two": Gives(2, 2)},
        counts=Counts(finished=2),
        flows={1: "IsOdd(1) One(1)", 2: "IsOdd(2) Two(2)"},
    ),
)

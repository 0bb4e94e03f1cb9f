"""What the implementation of 2006 got wrong.

Crowds of flows run through the programs on which it stopped for ever; a gate can't force them
into the fatal order, because where that order is possible the program is wrong already.
"""

from flux.conformance.behaviour import Behaviour, Counts
from flux.conformance.script import Fails, Gives, Script, Yields

CROWD = 100

TWO_SOURCES = """
    Left () -> (int n);
    Right () -> (int n);
"""


def crowd(*nodes: str) -> dict[str, Script]:
    """Two sources with a hundred flows each, whose nodes let each other go first."""
    many: Script = [Gives(1)] * CROWD
    return {"Left": many, "Right": many, **dict.fromkeys(nodes, Yields())}


HISTORY = (
    Behaviour(
        "no deadlock between a flow that nests constraints and one that takes both",
        TWO_SOURCES
        + """
        K (int n) -> (int n);
        N (int n) -> (int n);
        M = K;
        source Left => M;
        source Right => N;
        constraint M:{x};
        constraint K:{y};
        constraint N:{x, y};
        """,
        crowd("K", "N"),
        Counts(finished=2 * CROWD),
    ),
    Behaviour(
        "no deadlock when the smallest names don't tell the order",
        TWO_SOURCES
        + """
        E (int n) -> (int n);
        F (int n) -> (int n);
        G (int n) -> (int n);
        C = E;
        D = F -> G;
        source Left => C;
        source Right => D;
        constraint C:{x};
        constraint E:{y, z};
        constraint D:{z};
        constraint F:{y};
        constraint G:{x};
        """,
        crowd("E", "F", "G"),
        Counts(finished=2 * CROWD),
    ),
    Behaviour(
        "no deadlock across an abstract node without constraints",
        TWO_SOURCES
        + """
        A (int n) -> (int n);
        I1 = A;
        M1 = I1;
        O1 = A -> M1;
        I2 (int n) -> (int n);
        O2 = A -> I2;
        source Left => O1;
        source Right => O2;
        constraint O1:{b};
        constraint I1:{a};
        constraint O2:{a};
        constraint I2:{b};
        """,
        crowd("A", "I2"),
        Counts(finished=2 * CROWD),
    ),
    Behaviour(
        "no deadlock of a reader inside a writer, nor of two that become writers",
        TWO_SOURCES
        + """
        Look (int n) -> (int n);
        Change (int n) -> (int n);
        Write = Look -> Change;
        Read = Look -> Change;
        source Left => Write;
        source Right => Read;
        constraint Write:{x};
        constraint Read:{x?};
        constraint Look:{x?};
        constraint Change:{x};
        """,
        crowd("Look", "Change"),
        Counts(finished=2 * CROWD),
    ),
    Behaviour(
        "no deadlock when flows fail and their handlers take constraints",
        TWO_SOURCES
        + """
        Work (int n) -> (int n);
        Rescue (int n) -> ();
        Inner = Work;
        One = Inner;
        Two = Inner;
        source Left => One;
        source Right => Two;
        handle error Inner -> Rescue;
        constraint One:{b};
        constraint Two:{a, c};
        constraint Work:{a?};
        constraint Rescue:{a, c};
        """,
        {**crowd("Rescue"), "Work": (Yields(), Fails())},
        Counts(handled=2 * CROWD),
    ),
    Behaviour(
        "a bare reader mark takes a lock",
        TWO_SOURCES
        + """
        Look (int n) -> ();
        source Left => Look;
        source Right => Look;
        constraint Look:{x?};
        """,
        {"Left": [Gives(1)], "Right": []},
        order="+x? Look(1) -x",
    ),
    Behaviour(
        "session constraints work on nodes without outputs",
        """
        Listen () -> (int n);
        Look (int n) -> ();
        source Listen {session: ById} => Look;
        constraint Look:{x(session)};
        """,
        {"Listen": [Gives(1)], "ById": Gives(7)},
        order="ById(1) +x(7) Look(1) -x(7)",
    ),
    Behaviour(
        "exactly one case runs, even if several match",
        """
        Listen () -> (int n);
        A (int n) -> ();
        B (int n) -> ();
        typedef odd IsOdd;
        typedef big IsBig;
        Choose:[odd] = A;
        Choose:[big] = B;
        Choose:[_] = B;
        source Listen => Choose;
        """,
        {"Listen": [Gives(1)], "IsOdd": Gives(1), "IsBig": Gives(1)},
        order="IsOdd(1) A(1)",
    ),
    Behaviour(
        "a flow whose cases don't match ends: nothing hangs, no garbage goes on",
        """
        Listen () -> (int n);
        A (int n) -> (int n);
        Tell (int n) -> ();
        typedef odd IsOdd;
        Choose:[odd] = A;
        Serve = Choose -> Tell;
        source Listen => Serve;
        """,
        {"Listen": [Gives(2)]},
        Counts(failed=1),
        order="IsOdd(2)",
        log=("Choose",),
    ),
    Behaviour(
        "a second constraint statement adds to the first",
        """
        Listen () -> (int n);
        A (int n) -> ();
        source Listen => A;
        constraint A:{x};
        constraint A:{y};
        """,
        {"Listen": [Gives(1)]},
        order="+x +y A(1) -y -x",
    ),
)

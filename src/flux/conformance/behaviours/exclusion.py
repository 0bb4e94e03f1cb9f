"""Whom constraints keep out, and whom they don't (language.md, section 3).

In most of these programs flow 2 waits in `Before` until flow 1 is inside.
"""

from flux.conformance.behaviour import Behaviour, Counts
from flux.conformance.script import Gives, Never, Opens, Script, Waits, Yields

TWO_NODES = """
    Listen () -> (int n);
    Before (int n) -> (int n);
    Look (int n) -> ();
    Change (int n) -> ();
    typedef looker IsLooker;
    Choose:[looker] = Look;
    Choose:[_] = Change;
    Serve = Before -> Choose;
    source Listen => Serve;
"""

ONE_NODE = """
    Listen () -> (int n);
    Before (int n) -> (int n);
    Work (int n) -> ();
    Serve = Before -> Work;
    constraint Work:{cart(session)};
"""

TWO_SOURCES = """
    Left () -> (int n);
    Right () -> (int n);
    Before (int n) -> (int n);
    Work (int n) -> ();
    Serve = Before -> Work;
    source Left {session: LeftId} => Serve;
    source Right {session: RightId} => Serve;
"""

APART: dict[str, Script] = {
    "Listen": [Gives(1), Gives(2)],
    "Before": {2: Waits("first")},
    "Look": {1: (Opens("first"), Never("second")), 2: Opens("second")},
    "Change": {1: (Opens("first"), Never("second")), 2: Opens("second")},
    "Work": {1: (Opens("first"), Never("second")), 2: Opens("second")},
}

TOGETHER: dict[str, Script] = APART | {
    "Look": {1: (Opens("first"), Waits("second")), 2: Opens("second")},
    "Change": {1: (Opens("first"), Waits("second")), 2: Opens("second")},
    "Work": {1: (Opens("first"), Waits("second")), 2: Opens("second")},
}

TWO = Counts(finished=2)

EXCLUSION = (
    Behaviour(
        "without constraints a node runs beside itself",
        TWO_NODES,
        TOGETHER,
        TWO,
        flows={1: "Before(1) IsLooker(1) Change(1)", 2: "Before(2) IsLooker(2) Change(2)"},
    ),
    Behaviour(
        "writers are alone",
        TWO_NODES + "constraint Change:{x};",
        APART,
        TWO,
        flows={1: "Before(1) IsLooker(1) Change(1)", 2: "Before(2) IsLooker(2) Change(2)"},
    ),
    Behaviour(
        "readers are together",
        TWO_NODES + "constraint Look:{x?}; constraint Change:{x?};",
        TOGETHER | {"IsLooker": {1: Gives(1)}},
        TWO,
        flows={1: "Before(1) IsLooker(1) Look(1)", 2: "Before(2) IsLooker(2) Change(2)"},
    ),
    Behaviour(
        "a reader excludes a writer",
        TWO_NODES + "constraint Look:{x?}; constraint Change:{x};",
        APART | {"IsLooker": {1: Gives(1)}},
        TWO,
        flows={1: "Before(1) IsLooker(1) Look(1)", 2: "Before(2) IsLooker(2) Change(2)"},
    ),
    Behaviour(
        "a writer excludes a reader",
        TWO_NODES + "constraint Look:{x?}; constraint Change:{x};",
        APART | {"IsLooker": {2: Gives(1)}},
        TWO,
        flows={1: "Before(1) IsLooker(1) Change(1)", 2: "Before(2) IsLooker(2) Look(2)"},
    ),
    Behaviour(
        "different constraints exclude nobody",
        TWO_NODES + "constraint Look:{x}; constraint Change:{y};",
        TOGETHER | {"IsLooker": {1: Gives(1)}},
        TWO,
        flows={1: "Before(1) IsLooker(1) Look(1)", 2: "Before(2) IsLooker(2) Change(2)"},
    ),
    Behaviour(
        "an abstract node excludes others in the whole of its flow",
        TWO_NODES + "constraint Choose:{x};",
        APART
        | {
            "IsLooker": {1: (Opens("first"), Never("second")), 2: (Opens("second"), Gives(1))},
            "Change": Never("second"),
        },
        TWO,
        flows={1: "Before(1) IsLooker(1) Change(1)", 2: "Before(2) IsLooker(2) Look(2)"},
    ),
    Behaviour(
        "flows of one session exclude each other",
        ONE_NODE + "source Listen {session: ById} => Serve;",
        APART | {"ById": Gives(7)},
        TWO,
        flows={1: "ById(1) Before(1) Work(1)", 2: "ById(2) Before(2) Work(2)"},
    ),
    Behaviour(
        "flows of different sessions don't exclude each other",
        ONE_NODE + "source Listen {session: ById} => Serve;",
        TOGETHER,
        TWO,
        flows={1: "ById(1) Before(1) Work(1)", 2: "ById(2) Before(2) Work(2)"},
    ),
    Behaviour(
        "readers of one session are together",
        ONE_NODE.replace("cart", "cart?") + "source Listen {session: ById} => Serve;",
        TOGETHER | {"ById": Gives(7)},
        TWO,
        flows={1: "ById(1) Before(1) Work(1)", 2: "ById(2) Before(2) Work(2)"},
    ),
    Behaviour(
        "a session is the same in the flows of another source",
        TWO_SOURCES + "constraint Work:{cart(session)};",
        APART
        | {
            "Left": [Gives(1)],
            "Right": [Gives(2)],
            "LeftId": Gives(7),
            "RightId": Gives(7),
        },
        TWO,
        flows={1: "LeftId(1) Before(1) Work(1)", 2: "RightId(2) Before(2) Work(2)"},
    ),
    Behaviour(
        "a program constraint excludes flows of different sessions",
        TWO_SOURCES + "constraint Work:{cart(program)};",
        APART | {"Left": [Gives(1)], "Right": [Gives(2)]},
        TWO,
        flows={1: "LeftId(1) Before(1) Work(1)", 2: "RightId(2) Before(2) Work(2)"},
    ),
    Behaviour(
        "a turn excludes flows that share its constraint",
        """
        Left () -> (int n);
        Right () -> (int n);
        Before (int n) -> (int n);
        Work (int n) -> ();
        Serve = Before -> Work;
        source Left => Serve;
        source Right => Serve;
        constraint Left:{x};
        constraint Work:{x};
        """,
        APART
        | {
            "Left": [(Opens("first"), Never("second"), Gives(1))],
            "Right": [Gives(2)],
            "Work": {2: Opens("second")},
        },
        TWO,
        flows={1: "Before(1) Work(1)", 2: "Before(2) Work(2)"},
    ),
    Behaviour(
        "a crowd of readers, writers and sessions comes through",
        """
        Listen () -> (int n);
        Look (int n) -> (int n);
        Change (int n) -> (int n);
        Pay (int n) -> (int n);
        Shop = Look -> Change -> Pay;
        source Listen {session: ById} => Shop;
        constraint Shop:{door?, cart?(session)};
        constraint Look:{stock?};
        constraint Change:{stock};
        constraint Pay:{purse(session), stock?};
        """,
        {
            "Listen": [Gives(n) for n in range(200)],
            "ById": {n: Gives(n % 3) for n in range(200)},
            "Look": Yields(),
            "Change": Yields(),
            "Pay": Yields(),
        },
        Counts(finished=200),
    ),
    Behaviour(
        "between its turns a source holds nothing",
        """
        Listen () -> (int n);
        Work (int n) -> ();
        source Listen => Work;
        constraint Listen:{x};
        constraint Work:{x};
        """,
        {"Listen": [Gives(1), Gives(2), Gives(3)]},
        Counts(finished=3),
        flows={1: "Work(1)", 2: "Work(2)", 3: "Work(3)"},
        options={"max_flows": 1},
    ),
)

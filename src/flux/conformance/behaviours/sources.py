"""Where flows come from (language.md, section 2: source)."""

from flux.conformance.behaviour import Behaviour, Counts
from flux.conformance.script import Ends, Fails, Gives, Never, Opens, Waits

ACCEPT_AND_CHECK = """
    Accept () -> (int n);
    Check (int n) -> (int n);
    Listen = Accept -> Check;
    Work (int n) -> ();
    source Listen => Work;
"""

SESSION = """
    Accept () -> (int n);
    Work (int n) -> ();
    Sorry () -> ();
    source Accept {session: ById} => Work;
"""

SOURCES = (
    Behaviour(
        "the whole of an abstract source is one turn",
        ACCEPT_AND_CHECK,
        {"Accept": [Gives(1), Gives(2)]},
        counts=Counts(finished=2),
        flows={1: "Check(1) Work(1)", 2: "Check(2) Work(2)"},
    ),
    Behaviour(
        "a source may choose between cases",
        """
        Accept () -> (int n);
        Decode (int n) -> (int n);
        typedef coded IsCoded;
        Plain:[coded] = Decode;
        Plain:[_] = ;
        Listen = Accept -> Plain;
        Work (int n) -> ();
        source Listen => Work;
        """,
        {"Accept": [Gives(1), Gives(2)], "IsCoded": {2: Gives(1)}},
        counts=Counts(finished=2),
        flows={1: "IsCoded(1) Work(1)", 2: "IsCoded(2) Decode(2) Work(2)"},
    ),
    Behaviour(
        "several sources share a target",
        """
        Left () -> (int n);
        Right () -> (int n);
        Work (int n) -> ();
        source Left => Work;
        source Right => Work;
        """,
        {"Left": [Gives(1), Gives(2)], "Right": [Gives(3)]},
        counts=Counts(finished=3),
        flows={1: "Work(1)", 2: "Work(2)", 3: "Work(3)"},
    ),
    Behaviour(
        "sources run beside each other, each with its own flow",
        """
        Left () -> (int n);
        Right () -> (int n);
        Work (int n) -> ();
        Other (int n) -> ();
        source Left => Work;
        source Right => Other;
        """,
        {
            "Left": [(Waits("right"), Gives(1))],
            "Right": [Gives(2), (Waits("left"), Gives(3))],
            "Work": Opens("left"),
            "Other": Opens("right"),
        },
        counts=Counts(finished=3),
        flows={1: "Work(1)", 2: "Other(2)", 3: "Other(3)"},
    ),
    Behaviour(
        "two sources may begin with the same node",
        """
        Accept () -> (int n);
        Left = Accept;
        Right = Accept;
        Work (int n) -> ();
        source Left => Work;
        source Right => Work;
        """,
        {"Accept": [Gives(1), Gives(2), Gives(3)]},
        counts=Counts(finished=3),
        flows={1: "Work(1)", 2: "Work(2)", 3: "Work(3)"},
    ),
    Behaviour(
        "a target may also stand in another flow",
        """
        Left () -> (int n);
        Right () -> (int n);
        Work (int n) -> ();
        Prepare (int n) -> (int n);
        Other = Prepare -> Work;
        source Left => Work;
        source Right => Other;
        """,
        {"Left": [Gives(1)], "Right": [Gives(2)]},
        counts=Counts(finished=2),
        flows={1: "Work(1)", 2: "Prepare(2) Work(2)"},
    ),
    Behaviour(
        "a source may be another source's target",
        """
        Tick () -> ();
        Accept () -> (int n);
        Listen = Accept;
        Work (int n) -> ();
        source Tick => Listen;
        source Listen => Work;
        """,
        {
            "Tick": [Gives()],
            "Accept": [(Waits("second"), Gives(1)), (Opens("second"), Gives(1))],
            "Work": {1: Gives()},
        },
        counts=Counts(finished=2),
        flows={1: "Work(1)"},
    ),
    Behaviour(
        "a source never runs beside itself",
        ACCEPT_AND_CHECK,
        {
            "Accept": [Gives(1), (Opens("second"), Gives(2))],
            "Check": {1: Never("second")},
        },
        counts=Counts(finished=2),
        flows={1: "Check(1) Work(1)", 2: "Check(2) Work(2)"},
    ),
    Behaviour(
        "a failed turn starts no flow, and the source goes on",
        ACCEPT_AND_CHECK,
        {"Accept": [Fails(), Gives(1), Gives(2)], "Check": {1: Fails()}},
        counts=Counts(finished=1, dropped=2),
        flows={0: "Accept()!", 1: "Check(1)!", 2: "Check(2) Work(2)"},
    ),
    Behaviour(
        "a source's handler runs in the failed turn, which is dropped",
        ACCEPT_AND_CHECK + "Sorry () -> (int n); handle error Listen -> Sorry;",
        {"Accept": [Fails(), Gives(2)], "Sorry": Fails("never mind")},
        counts=Counts(finished=1, dropped=1),
        flows={0: "Accept()! Sorry()!", 2: "Check(2) Work(2)"},
    ),
    Behaviour(
        "within a turn the innermost handler wins",
        ACCEPT_AND_CHECK + "Bye (int n) -> (); handle error Check -> Bye;",
        {"Accept": [Gives(1), Gives(2)], "Check": {1: Fails()}},
        counts=Counts(finished=1, dropped=1),
        flows={1: "Check(1)! Bye(1)", 2: "Check(2) Work(2)"},
    ),
    Behaviour(
        "a source's handler doesn't look after its flows",
        ACCEPT_AND_CHECK + "Sorry () -> (); handle error Listen -> Sorry;",
        {"Accept": [Gives(1)], "Work": Fails(), "Sorry": Fails("never called")},
        counts=Counts(failed=1),
        flows={1: "Check(1) Work(1)!"},
    ),
    Behaviour(
        "only the first concrete node of a turn ends the source",
        ACCEPT_AND_CHECK,
        {"Accept": [Gives(1), Gives(2)], "Check": {1: Ends()}},
        counts=Counts(finished=1, dropped=1),
        flows={1: "Check(1)", 2: "Check(2) Work(2)"},
    ),
    Behaviour(
        "the first node of a turn ends the source only where it stands first",
        """
        Accept () -> (int n);
        Skip (int n) -> ();
        Listen = Accept -> Skip -> Accept;
        Work (int n) -> ();
        source Listen => Work;
        """,
        {"Accept": [Gives(1), Gives(2), Gives(3)]},
        counts=Counts(finished=1, dropped=1),
        flows={1: "Skip(1)", 2: "Work(2)", 3: "Skip(3)"},
    ),
    Behaviour(
        "a source may be its own target",
        "Tick () -> (); source Tick => Tick;",
        {"Tick": [Gives()]},
        counts=Counts(failed=1),
        paths=("Tick -> Tick fails",),
    ),
    Behaviour(
        "no handler sees the end of a source",
        ACCEPT_AND_CHECK + "Sorry () -> (); handle error Accept, Listen -> Sorry;",
        {"Accept": [Gives(1)], "Sorry": Fails("never called")},
        flows={1: "Check(1) Work(1)"},
    ),
    Behaviour(
        "the program ends when all sources have ended and all flows are done",
        """
        Left () -> (int n);
        Right () -> (int n);
        Work (int n) -> ();
        source Left => Work;
        source Right => Work;
        """,
        {
            "Left": [],
            "Right": [Gives(1), Gives(2)],
            "Work": {1: Waits("last"), 2: Opens("last")},
        },
        counts=Counts(finished=2),
        flows={1: "Work(1)", 2: "Work(2)"},
    ),
    Behaviour(
        "the waits double while a turn's first node fails",
        ACCEPT_AND_CHECK,
        {"Accept": [Fails()] * 6},
        counts=Counts(dropped=6),
        seconds=(0.06, 60.0),
    ),
    Behaviour(
        "a success starts the waits anew",
        ACCEPT_AND_CHECK,
        {"Accept": [Fails(), Gives(1)] * 40},
        counts=Counts(finished=40, dropped=40),
        seconds=(0.03, 20.0),
    ),
    Behaviour(
        "failures of later nodes of a turn hardly delay the next one",
        ACCEPT_AND_CHECK,
        {"Accept": [Gives(n) for n in range(1, 41)], "Check": Fails()},
        counts=Counts(dropped=40),
        seconds=(0.0, 10.0),
    ),
    Behaviour(
        "handled failures of later nodes hardly delay the next turn",
        ACCEPT_AND_CHECK + "Bye (int n) -> (); handle error Check -> Bye;",
        {"Accept": [Gives(n) for n in range(1, 41)], "Check": Fails()},
        counts=Counts(dropped=40),
        seconds=(0.0, 10.0),
    ),
    Behaviour(
        "the session function is called with what the source gives, before the flow",
        SESSION,
        {"Accept": [Gives(1)]},
        flows={1: "ById(1) Work(1)"},
    ),
    Behaviour(
        "a turn whose session function fails is dropped",
        SESSION,
        {"Accept": [Gives(1), Gives(2)], "ById": {1: Fails()}},
        counts=Counts(finished=1, dropped=1),
        flows={1: "ById(1)!", 2: "ById(2) Work(2)"},
    ),
    Behaviour(
        "the source's handler looks after its session function",
        SESSION + "handle error Accept -> Sorry;",
        {"Accept": [Gives(1)], "ById": Fails(), "Sorry": Fails("never mind")},
        counts=Counts(dropped=1),
        flows={0: "Sorry()!", 1: "ById(1)!"},
    ),
)

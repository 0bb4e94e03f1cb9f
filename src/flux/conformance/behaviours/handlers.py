"""Errors and who handles them (language.md, section 2: errors)."""

from flux.conformance.behaviour import Behaviour, Counts
from flux.conformance.script import Ends, Fails, Gives

INNER_AND_OUTER = """
    Listen () -> (int n);
    Work (int n) -> (int n);
    Tell (int n) -> ();
    Inner = Work;
    Outer = Inner -> Tell;
    Near (int n) -> ();
    Far (int n) -> ();
    source Listen => Outer;
"""

HANDLERS = (
    Behaviour(
        "an error without a handler ends the flow and is reported",
        """
        Listen () -> (int n);
        Ask (int n) -> (int n);
        Burn (int n) -> (int n);
        Tell (int n) -> ();
        Serve = Ask -> Burn -> Tell;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1)], "Burn": Fails("out of paper")},
        counts=Counts(failed=1),
        flows={1: "Ask(1) Burn(1)!"},
        log=("out of paper",),
    ),
    Behaviour(
        "an error ends its own flow only",
        """
        Listen () -> (int n);
        Work (int n) -> (int n);
        Tell (int n) -> ();
        Serve = Work -> Tell;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1), Gives(2), Gives(3)], "Work": {2: Fails()}},
        counts=Counts(finished=2, failed=1),
        flows={1: "Work(1) Tell(1)", 2: "Work(2)!", 3: "Work(3) Tell(3)"},
    ),
    Behaviour(
        "a handler gets the inputs of the failed node, then the flow ends",
        """
        Listen () -> (int n);
        Grow (int n) -> (int n, int more);
        Burn (int n, int more) -> (int n);
        Tell (int n) -> ();
        Rescue (int n, int more) -> (int n);
        Serve = Grow -> Burn -> Tell;
        handle error Burn -> Rescue;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1)], "Grow": Gives(1, 7), "Burn": Fails()},
        counts=Counts(handled=1),
        flows={1: "Grow(1) Burn(1, 7)! Rescue(1, 7)"},
    ),
    Behaviour(
        "a handler doesn't run when nothing fails",
        INNER_AND_OUTER + "handle error Work -> Near; handle error Outer -> Far;",
        {"Listen": [Gives(1)]},
        flows={1: "Work(1) Tell(1)"},
    ),
    Behaviour(
        "an abstract node's handler gets the node's own inputs",
        """
        Listen () -> (int n);
        Grow (int n) -> (int n, int more);
        Burn (int n, int more) -> (int n);
        Rescue (int n) -> ();
        Serve = Grow -> Burn;
        handle error Serve -> Rescue;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1)], "Grow": Gives(1, 7), "Burn": Fails()},
        counts=Counts(handled=1),
        flows={1: "Grow(1) Burn(1, 7)! Rescue(1)"},
    ),
    Behaviour(
        "the innermost handler wins",
        INNER_AND_OUTER + "handle error Work -> Near; handle error Inner -> Far;",
        {"Listen": [Gives(1)], "Work": Fails()},
        counts=Counts(handled=1),
        flows={1: "Work(1)! Near(1)"},
    ),
    Behaviour(
        "the handler of the nearest enclosing node serves nodes without one",
        INNER_AND_OUTER + "handle error Inner -> Near; handle error Outer -> Far;",
        {"Listen": [Gives(1)], "Work": Fails()},
        counts=Counts(handled=1),
        flows={1: "Work(1)! Near(1)"},
    ),
    Behaviour(
        "an outer handler serves what the inner one doesn't enclose",
        INNER_AND_OUTER + "handle error Inner -> Near; handle error Outer -> Far;",
        {"Listen": [Gives(1)], "Tell": Fails()},
        counts=Counts(handled=1),
        flows={1: "Work(1) Tell(1)! Far(1)"},
    ),
    Behaviour(
        "nodes of a list share a handler",
        INNER_AND_OUTER + "handle error Work, Tell -> Near;",
        {"Listen": [Gives(1), Gives(2)], "Work": {1: Fails()}, "Tell": {2: Fails()}},
        counts=Counts(handled=2),
        flows={1: "Work(1)! Near(1)", 2: "Work(2) Tell(2)! Near(2)"},
    ),
    Behaviour(
        "a handler can be an abstract node, with cases",
        """
        Listen () -> (int n);
        Burn (int n) -> ();
        Log (int n) -> (int n);
        Cry (int n) -> ();
        Shrug (int n) -> ();
        typedef bad IsBad;
        React:[bad] = Cry;
        React:[_] = Shrug;
        Rescue = Log -> React;
        handle error Burn -> Rescue;
        source Listen => Burn;
        """,
        {"Listen": [Gives(1), Gives(2)], "Burn": Fails(), "IsBad": {1: Gives(1)}},
        counts=Counts(handled=2),
        flows={1: "Burn(1)! Log(1) IsBad(1) Cry(1)", 2: "Burn(2)! Log(2) IsBad(2) Shrug(2)"},
    ),
    Behaviour(
        "an error in a handler ends the flow: handlers around are not tried",
        INNER_AND_OUTER + "handle error Work -> Near; handle error Inner, Outer -> Far;",
        {"Listen": [Gives(1)], "Work": Fails("first"), "Near": Fails("second")},
        counts=Counts(failed=1),
        flows={1: "Work(1)! Near(1)!"},
        log=("second",),
    ),
    Behaviour(
        "a handler's own handler looks after it",
        INNER_AND_OUTER + "handle error Work -> Near; handle error Near -> Far;",
        {"Listen": [Gives(1)], "Work": Fails(), "Near": Fails()},
        counts=Counts(handled=1),
        flows={1: "Work(1)! Near(1)! Far(1)"},
    ),
    Behaviour(
        "within an abstract handler the same rules hold",
        """
        Listen () -> (int n);
        Burn (int n) -> ();
        Log (int n) -> (int n);
        Mail (int n) -> ();
        Rescue = Log -> Mail;
        Inside (int n) -> ();
        Around (int n) -> ();
        handle error Burn -> Rescue;
        handle error Mail -> Inside;
        handle error Rescue -> Around;
        source Listen => Burn;
        """,
        {
            "Listen": [Gives(1), Gives(2)],
            "Burn": Fails(),
            "Log": {2: Fails()},
            "Mail": Fails(),
        },
        counts=Counts(handled=2),
        flows={1: "Burn(1)! Log(1) Mail(1)! Inside(1)", 2: "Burn(2)! Log(2)! Around(2)"},
    ),
    Behaviour(
        "no match within a handler is the handler's failure",
        """
        Listen () -> (int n);
        Burn (int n) -> ();
        Cry (int n) -> ();
        typedef bad IsBad;
        React:[bad] = Cry;
        handle error Burn -> React;
        source Listen => Burn;
        """,
        {"Listen": [Gives(1)], "Burn": Fails()},
        counts=Counts(failed=1),
        flows={1: "Burn(1)! IsBad(1)"},
    ),
    Behaviour(
        "an error behind a case goes to the handler around the cases",
        """
        Listen () -> (int n);
        Burn (int n) -> (int n);
        Keep (int n) -> (int n);
        Rescue (int n) -> ();
        Tell (int n) -> ();
        typedef hot IsHot;
        Choose:[hot] = Keep -> Burn;
        Choose:[_] = ;
        handle error Choose -> Rescue;
        Serve = Choose -> Tell;
        source Listen => Serve;
        """,
        {
            "Listen": [Gives(1), Gives(2)],
            "IsHot": {1: Gives(1)},
            "Burn": Fails(),
        },
        counts=Counts(finished=1, handled=1),
        flows={1: "IsHot(1) Keep(1) Burn(1)! Rescue(1)", 2: "IsHot(2) Tell(2)"},
    ),
    Behaviour(
        "a node has its handler wherever it is used",
        """
        Listen () -> (int n);
        Step (int n) -> (int n);
        Rescue (int n) -> ();
        Serve = Step -> (Step);
        handle error Step -> Rescue;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1)], "Step": [Gives(1), Fails()]},
        counts=Counts(handled=1),
        flows={1: "Step(1) Step(1)! Rescue(1)"},
    ),
    Behaviour(
        "the end of a source is an ordinary error in a flow",
        """
        Listen () -> (int n);
        Work (int n) -> ();
        Rescue (int n) -> ();
        handle error Work -> Rescue;
        source Listen => Work;
        """,
        {"Listen": [Gives(1), Gives(2)], "Work": {1: Ends()}},
        counts=Counts(finished=1, handled=1),
        flows={1: "Work(1) Rescue(1)", 2: "Work(2)"},
    ),
    Behaviour(
        "a node can be a handler and a part of a flow",
        """
        Listen () -> (int n);
        Work (int n) -> (int n);
        Log (int n) -> (int n);
        Serve = Log -> Work -> Log;
        handle error Work -> Log;
        source Listen => Serve;
        """,
        {"Listen": [Gives(1), Gives(2)], "Work": {2: Fails()}},
        counts=Counts(finished=1, handled=1),
        flows={1: "Log(1) Work(1) Log(1)", 2: "Log(2) Work(2)! Log(2)"},
    ),
)

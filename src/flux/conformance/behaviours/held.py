"""What is held while a handler runs (language.md, section 3: handlers).

Everything from the failed node inwards has been given back, its own included; exactly what is
taken around this use of it is still held.
"""

from flux.conformance.behaviour import Behaviour, Counts
from flux.conformance.script import Fails, Gives, Script

NESTED = """
    Listen () -> (int n);
    Work (int n) -> (int n);
    Tell (int n) -> (int n);
    Inner = Work;
    Outer = Inner -> Tell;
    Rescue (int n) -> ();
    Pray (int n) -> ();
    source Listen => Outer;
    constraint Outer:{a};
    constraint Inner:{b};
    constraint Work:{c};
"""

HANDLED = Counts(handled=1)
WORK_FAILS: dict[str, Script] = {"Listen": [Gives(1)], "Work": Fails()}

HELD = (
    Behaviour(
        "a concrete node's handler runs when its constraints have been given back",
        NESTED + "handle error Work -> Rescue;",
        WORK_FAILS,
        HANDLED,
        order="+a +b +c Work(1)! -c Rescue(1) -b -a",
    ),
    Behaviour(
        "an abstract node's handler runs when all from the node inwards has been given back",
        NESTED + "handle error Inner -> Rescue;",
        WORK_FAILS,
        HANDLED,
        order="+a +b +c Work(1)! -c -b Rescue(1) -a",
    ),
    Behaviour(
        "the outermost node's handler runs with nothing held",
        NESTED + "handle error Outer -> Rescue;",
        WORK_FAILS,
        HANDLED,
        order="+a +b +c Work(1)! -c -b -a Rescue(1)",
    ),
    Behaviour(
        "a handler takes its own constraints",
        NESTED + "handle error Inner -> Rescue; constraint Rescue:{d, b};",
        WORK_FAILS,
        HANDLED,
        order="+a +b +c Work(1)! -c -b +b +d Rescue(1) -d -b -a",
    ),
    Behaviour(
        "a handler takes nothing again that is held around the failed node",
        NESTED + "handle error Work -> Rescue; constraint Rescue:{a, b, c};",
        WORK_FAILS,
        HANDLED,
        order="+a +b +c Work(1)! -c +c Rescue(1) -c -b -a",
    ),
    Behaviour(
        "what a handler needs is taken early around the failed node, if it must be",
        NESTED + "handle error Work -> Rescue; constraint Rescue:{_};",
        WORK_FAILS,
        HANDLED,
        order="+_ +a +b +c Work(1)! -c Rescue(1) -b -a -_",
    ),
    Behaviour(
        "a handler's handler runs when the handler's constraints have been given back",
        NESTED + "handle error Inner -> Rescue; handle error Rescue -> Pray;"
        "constraint Rescue:{d}; constraint Pray:{e};",
        WORK_FAILS | {"Rescue": Fails()},
        HANDLED,
        order="+a +b +c Work(1)! -c -b +d Rescue(1)! -d +e Pray(1) -e -a",
    ),
    Behaviour(
        "a handler that fails gives back everything",
        NESTED + "handle error Work -> Rescue; constraint Rescue:{d};",
        WORK_FAILS | {"Rescue": Fails()},
        Counts(failed=1),
        order="+a +b +c Work(1)! -c +d Rescue(1)! -d -b -a",
    ),
    Behaviour(
        "a failed test is handled when the node's constraints have been given back",
        NESTED.replace("Inner = Work;", "typedef odd IsOdd; Inner:[odd] = Work; Inner:[_] = ;")
        + "handle error Inner -> Rescue;",
        {"Listen": [Gives(1)], "IsOdd": Fails()},
        HANDLED,
        order="+a +b IsOdd(1)! -b Rescue(1) -a",
    ),
    Behaviour(
        "a handler's constraints may be taken as a writer after the node's as a reader",
        """
        Listen () -> (int n);
        Work (int n) -> ();
        Rescue (int n) -> ();
        source Listen => Work;
        handle error Work -> Rescue;
        constraint Work:{x?};
        constraint Rescue:{x};
        """,
        WORK_FAILS,
        HANDLED,
        order="+x? Work(1)! -x +x Rescue(1) -x",
    ),
    Behaviour(
        "a session constraint is given back before the handler runs",
        """
        Listen () -> (int n);
        Work (int n) -> ();
        Rescue (int n) -> ();
        source Listen {session: ById} => Work;
        handle error Work -> Rescue;
        constraint Work:{cart(session), stock};
        """,
        WORK_FAILS | {"ById": Gives(7)},
        HANDLED,
        order="ById(1) +stock +cart(7) Work(1)! -cart(7) -stock Rescue(1)",
    ),
)

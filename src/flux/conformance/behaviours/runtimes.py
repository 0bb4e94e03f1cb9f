"""How many flows live at a time, and in which order (language.md, section 5)."""

from flux.conformance.behaviour import Behaviour, Counts
from flux.conformance.script import Gives, Never, Opens, Waits

PROGRAM = """
    Listen () -> (int n);
    Work (int n) -> ();
    source Listen => Work;
"""

RUNTIMES = (
    Behaviour(
        "init is called first and shutdown last",
        PROGRAM,
        {"Listen": [Gives(1)], "init": (), "shutdown": ()},
        order="init() Work(1) shutdown()",
    ),
    Behaviour(
        "flows run beside each other",
        PROGRAM,
        {
            "Listen": [Gives(1), Gives(2)],
            "Work": {1: (Opens("one"), Waits("two")), 2: (Opens("two"), Waits("one"))},
        },
        Counts(finished=2),
        flows={1: "Work(1)", 2: "Work(2)"},
        options={"threads": 2},
    ),
    Behaviour(
        "a source waits while as many flows live as may",
        PROGRAM,
        {
            "Listen": [Gives(1), Gives(2), Gives(3), (Opens("fourth turn"), Gives(4))],
            "Work": {
                1: (Waits("second flow"), Never("fourth turn"), Opens("checked")),
                2: (Opens("second flow"), Waits("checked")),
            },
        },
        Counts(finished=4),
        flows={1: "Work(1)", 2: "Work(2)", 3: "Work(3)", 4: "Work(4)"},
        options={"max_flows": 2},
    ),
    Behaviour(
        "a place is taken after the turn, not before it",
        PROGRAM,
        {
            "Listen": [Gives(1), (Opens("second turn"), Gives(2))],
            "Work": {1: Waits("second turn")},
        },
        Counts(finished=2),
        flows={1: "Work(1)", 2: "Work(2)"},
        options={"max_flows": 1},
    ),
    Behaviour(
        "one flow at a time means one after the other",
        PROGRAM,
        {"Listen": [Gives(n) for n in range(1, 6)]},
        Counts(finished=5),
        order="Work(1) Work(2) Work(3) Work(4) Work(5)",
        options={"max_flows": 1},
    ),
    Behaviour(
        "the pool is first in, first out",
        PROGRAM,
        {
            "Listen": [*(Gives(n) for n in range(1, 5)), (Opens("all"), Gives(5))],
            "Work": {1: Waits("all")},
        },
        Counts(finished=5),
        order="Work(1) Work(2) Work(3) Work(4) Work(5)",
        options={"threads": 1},
        runtimes=("pool",),
    ),
    Behaviour(
        "a source waits while the queue of the pool is full",
        PROGRAM,
        {
            "Listen": [
                Gives(1),
                Gives(2),
                (Opens("third turn"), Gives(3)),
                (Opens("fourth turn"), Gives(4)),
            ],
            "Work": {1: (Waits("third turn"), Never("fourth turn"))},
        },
        Counts(finished=4),
        order="Work(1) Work(2) Work(3) Work(4)",
        options={"threads": 1, "queue": 1},
        runtimes=("pool",),
    ),
    Behaviour(
        "flows in the queue of the pool count as living",
        PROGRAM,
        {
            "Listen": [
                Gives(1),
                Gives(2),
                (Opens("third turn"), Gives(3)),
                (Opens("fourth turn"), Gives(4)),
            ],
            "Work": {1: (Waits("third turn"), Never("fourth turn"))},
        },
        Counts(finished=4),
        order="Work(1) Work(2) Work(3) Work(4)",
        options={"threads": 1, "max_flows": 2},
        runtimes=("pool",),
    ),
    Behaviour(
        "a source occupies no worker of the pool",
        PROGRAM,
        {
            "Listen": [Gives(1), (Waits("first flow"), Gives(2))],
            "Work": {1: Opens("first flow")},
        },
        Counts(finished=2),
        flows={1: "Work(1)", 2: "Work(2)"},
        options={"threads": 1},
        runtimes=("pool",),
    ),
)

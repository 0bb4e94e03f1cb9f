"""Stopping a server by signals (language.md, section 5).

Flows send the signals. A `Waits("for ever")` is a source asleep in `accept`. The gate `STOPPING`
is opened by the server itself.
"""

from flux.conformance.behaviour import Behaviour, Counts
from flux.conformance.script import STOPPING as SERVER_STOPS
from flux.conformance.script import Fails, Gives, Never, Opens, Signals, Waits

PROGRAM = """
    Listen () -> (int n);
    Work (int n) -> (int n);
    Tell (int n) -> ();
    Serve = Work -> Tell;
    source Listen => Serve;
"""

ASLEEP = (Waits("for ever"), Gives(9))
TERMINATE = (Signals("TERM"), Waits(SERVER_STOPS))
INTERRUPT = (Signals("INT"), Waits(SERVER_STOPS))

STOPPING = (
    Behaviour(
        "SIGTERM stops a source that is asleep, and flows in flight finish",
        PROGRAM,
        {"Listen": [Gives(1), ASLEEP], "Work": TERMINATE},
        flows={1: "Work(1) Tell(1)"},
        drained=(1, 0),
        seconds=(0.0, 8.0),
    ),
    Behaviour(
        "SIGINT stops a source that is asleep, and flows in flight finish",
        PROGRAM,
        {"Listen": [Gives(1), ASLEEP], "Work": INTERRUPT},
        flows={1: "Work(1) Tell(1)"},
        drained=(1, 0),
        seconds=(0.0, 8.0),
    ),
    Behaviour(
        "a turn that has succeeded still starts its flow",
        PROGRAM,
        {
            "Listen": [Gives(1), (Opens("second turn"), Gives(2)), ASLEEP],
            "Work": {1: (Waits("second turn"), Never("third turn"), *TERMINATE)},
        },
        Counts(finished=2),
        flows={1: "Work(1) Tell(1)", 2: "Work(2) Tell(2)"},
        drained=(2, 0),
        options={"max_flows": 1},
    ),
    Behaviour(
        "a turn in progress is abandoned, and what it gives later is dropped",
        PROGRAM,
        {
            "Listen": [
                Gives(1),
                (Opens("second turn"), Waits(SERVER_STOPS), Opens("its end"), Gives(2)),
            ],
            "Work": {1: (Waits("second turn"), *TERMINATE, Waits("its end"), Never("second flow"))},
            "Tell": {2: Opens("second flow")},
        },
        flows={1: "Work(1) Tell(1)"},
        drained=(1, 0),
    ),
    Behaviour(
        "a source that can finish is asked to, and what it still gives starts flows",
        PROGRAM,
        {
            "Listen": [Gives(1), (Waits(SERVER_STOPS), Gives(2)), Gives(3)],
            "Work": {1: TERMINATE},
            "finish": (),
        },
        Counts(finished=3),
        flows={1: "Work(1) Tell(1)", 2: "Work(2) Tell(2)", 3: "Work(3) Tell(3)"},
        drained=(3, 0),
    ),
    Behaviour(
        "a source that doesn't finish in time is abandoned",
        PROGRAM,
        {"Listen": [Gives(1), ASLEEP], "Work": TERMINATE, "finish": ()},
        flows={1: "Work(1) Tell(1)"},
        drained=(1, 0),
        seconds=(0.2, 8.0),
        options={"drain": 0.2},
    ),
    Behaviour(
        "flows in the queue of the pool finish",
        PROGRAM,
        {
            "Listen": [Gives(1), Gives(2), Gives(3), (Opens("fourth turn"), *ASLEEP)],
            "Work": {1: (Waits("fourth turn"), *TERMINATE)},
        },
        Counts(finished=3),
        order="Work(1) Tell(1) Work(2) Tell(2) Work(3) Tell(3)",
        drained=(3, 0),
        options={"threads": 1},
        runtimes=("pool",),
    ),
    Behaviour(
        "flows that don't finish in time are cut, and the exit status tells",
        PROGRAM,
        {"Listen": [Gives(1), ASLEEP], "Work": (*TERMINATE, Waits("for ever"))},
        Counts(),
        flows={1: "Work(1)"},
        drained=(0, 1),
        status=4,
        options={"drain": 0.0},
    ),
    Behaviour(
        "flows that fail while the server stops have finished, too",
        PROGRAM,
        {"Listen": [Gives(1), ASLEEP], "Work": (*TERMINATE, Fails())},
        Counts(failed=1),
        flows={1: "Work(1)!"},
        drained=(1, 0),
    ),
    Behaviour(
        "shutdown is called when the flows have finished",
        PROGRAM,
        {"Listen": [Gives(1), ASLEEP], "Work": TERMINATE, "shutdown": ()},
        order="Work(1) Tell(1) shutdown()",
        drained=(1, 0),
    ),
    Behaviour(
        "a program that ends by itself has nothing to drain",
        PROGRAM,
        {"Listen": [Gives(1)]},
        flows={1: "Work(1) Tell(1)"},
    ),
    Behaviour(
        "a second signal ends the process at once",
        PROGRAM,
        {
            "Listen": [Gives(1), ASLEEP],
            "Work": (*TERMINATE, Signals("INT"), Waits("for ever")),
        },
        Counts(),
        status=130,
        seconds=(0.0, 20.0),
        options={"drain": 1000.0},
    ),
)

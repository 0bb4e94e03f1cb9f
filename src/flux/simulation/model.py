"""What is simulated: a program, its parameters and a machine, as data.

A flow goes a *route*: a straight line of steps that was found in the Plan for one of its paths.
Which route is chosen by chance, when it arrives, so that all correlations between the cases of a
path, and errors and their handlers, are those that were measured.

Theory of operation
-------------------
Steps are `Run` (a function, which needs I/O time without a processor and then processor time),
`Take` and `Give` (a constraint). A flow that arrives first needs a place (`max_flows`), then a
thread where there is a pool, then a processor: it takes all its steps on one, and each takes no
time but for I/O and processor time. It is always in one of these states: outside, queued, ready
(wants a processor), running, blocked on a constraint, in I/O. Its latency is the time from its
arrival to its end, so waiting outside counts.

At one instant, a flow goes on until it has to wait; then others do that got at this instant what
they waited for, first come, first served; then comes the next event, by time and by the order in
which events were made. Who waits or ends gives back Python's lock first, then the processor; who
ends gives back its thread before both, and its place after them.

Processors, by `discipline`:

- `hold`: a flow keeps its processor until it blocks on a constraint, does I/O, or ends. Ready
  flows stand in one queue, first come, first served. Threads do so, but for the kernel's slices.
  A pool's thread goes on with the next queued flow on the processor that it has, and at once:
  before those who were woken at this instant.
- `fifo`: a flow queues anew before each `Run`, as in the paper, unless it has just queued because
  it arrived, had to wait or did I/O.
- `ps`: all ready flows run at once, each at the speed min(1, processors / ready).

With `loops`, there is a queue for each processor (with `ps`: each is shared by its own flows) and
flows never move: the event runtime. A flow's loop is chosen when it arrives, or with `turns` when
its source hands it on; each in turn.

Constraints, by `policy`, each with one queue, first come, first served:

- `handoff`: who leaves gives the constraint to the first of the queue, and with a reader to all
  readers right behind it; those are ready then, and hold it while they wait for a processor.
- `barging`: who leaves wakes the first of the queue, which tries again when it has a processor;
  a newcomer may be faster, unless the first was woken in vain after it has waited for `patience`,
  or is a writer that waits for the readers inside (`engine/include/flux/lock.hpp` has the theory).
  A reader that entered from the queue wakes the next.

A constraint with `scope` session is one for each session; a flow draws its session when it
arrives, each of `sessions` as likely.

`gil`: the processor time of a `Run`, or a part of it, needs Python's lock: one queue, first come,
first served. The part that doesn't comes first. Who waits for it gives back the processor, and who
gets it waits for one with it. It is kept until its owner gives back the processor or runs what
doesn't need it; and whoever has run with it for `gil_interval` while others waited goes to the end
of the queue, in the middle of a function.

`turns`: a source takes flows in turns, for which it needs a processor, if for no time: what arrives
while it waits for one is taken with the first that did. It hands them on before it gives the
processor back. With `loops` a source is on the loop of its number, and flows may go to others; one
that `spreads` is on all of them, and its flows come to each as likely and stay there.

`wakeup`: a flow that becomes ready while a processor is idle gets it that much later, and keeps it
busy for nothing meanwhile; that is time that its next function waits.
"""

from dataclasses import dataclass
from typing import Literal

from flux.simulation.times import NOTHING, Time

Mode = Literal["reader", "writer"]
Scope = Literal["program", "session"]
Discipline = Literal["hold", "fifo", "ps"]
Policy = Literal["handoff", "barging"]


@dataclass(frozen=True, slots=True)
class Run:
    """A call of a function: its place in `Model.functions`."""

    function: int


@dataclass(frozen=True, slots=True)
class Take:
    """A constraint is taken: its place in `Model.constraints`."""

    constraint: int
    mode: Mode


@dataclass(frozen=True, slots=True)
class Give:
    """The constraint that was taken so is given back."""

    constraint: int
    mode: Mode


Step = Run | Take | Give


@dataclass(frozen=True, slots=True)
class Route:
    """A way from a source to an end, and how likely a flow goes it.

    `path` is the number of the path that it was found for, if it was.
    """

    name: str
    weight: float
    steps: tuple[Step, ...]
    outcome: Literal["finished", "handled", "failed"] = "finished"
    path: int | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A node, predicate or session function: I/O without a processor, then processor time.

    `gil` is the part of its processor time that needs Python's lock: 0 is none, 1 all of it.
    """

    name: str
    cpu: Time
    io: Time = NOTHING
    gil: float = 0.0


@dataclass(frozen=True, slots=True)
class Constraint:
    """What flows exclude each other by."""

    name: str
    scope: Scope = "program"


@dataclass(frozen=True, slots=True)
class Open:
    """Flows arrive whether or not others are done: the times between them, each a `burst`."""

    between: Time
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Recorded:
    """Flows arrive as they once did: the times between them, again and again."""

    between: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """So many clients, each of whom thinks, sends a flow, and waits until it ends or is dropped."""

    clients: int
    think: Time


Arrivals = Open | Recorded | Closed


@dataclass(frozen=True, slots=True)
class Source:
    """Where flows come from, and where they go; weights need not add up to 1.

    One that `spreads` is on all loops, and its flows stay on the loop that they come to.
    """

    name: str
    arrivals: Arrivals
    routes: tuple[Route, ...]
    spreads: bool = False


@dataclass(frozen=True, slots=True)
class Machine:
    """What carries flows. Times are in seconds; None: no bound.

    `threads` are those of a pool. `overhead` is processor time of each flow outside of its
    functions, spent before the first of them; the part `overhead_gil` of it needs Python's lock.
    With `drops`, who finds no place is lost.
    """

    processors: int = 1
    discipline: Discipline = "hold"
    loops: bool = False
    threads: int | None = None
    max_flows: int | None = None
    drops: bool = False
    policy: Policy = "handoff"
    patience: float = 0.001
    wakeup: float = 0.0
    turns: bool = False
    gil_interval: float = 0.005
    overhead: Time = NOTHING
    overhead_gil: float = 0.0


@dataclass(frozen=True, slots=True)
class Model:
    """All of it; `sessions` is how many different ones there are."""

    program: str
    sources: tuple[Source, ...]
    functions: tuple[Function, ...]
    constraints: tuple[Constraint, ...]
    machine: Machine
    sessions: int = 1

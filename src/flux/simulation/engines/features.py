"""What of the theory a model makes use of: engines leave out the rest."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from flux.simulation.engines.draws import prepare
from flux.simulation.model import Arrivals, Closed, Function, Give, Model, Open, Recorded, Run, Take
from flux.simulation.times import NOTHING, Exponential, Time


@dataclass(frozen=True, slots=True)
class Shortcuts:
    """Which steps always follow each other, so that an engine needn't look for the next one.

    Nor need it look how times are drawn, if all are `exponential`.
    """

    first_calls: bool
    taken_calls: bool
    given_ends: bool
    exponential: bool


@dataclass(frozen=True, slots=True)
class Features:
    """Each is a part of `flux.simulation.model`'s theory, by the same name."""

    fifo: bool
    ps: bool
    loops: bool
    threads: bool
    places: bool
    drops: bool
    barging: bool
    readers: bool
    sessions: bool
    gil: bool
    split: bool
    locked_overhead: bool
    split_overhead: bool
    wakeup: bool
    overhead: bool
    io: bool
    closed: bool
    bursts: bool
    turns: bool
    spread: bool
    shortcuts: Shortcuts

    @property
    def inherits(self) -> bool:
        """Whether a thread goes on with its next flow on the processor that it has."""
        return self.threads and not (self.fifo or self.ps or self.loops)

    @property
    def staged(self) -> bool:
        """Whether anything may come between the beginning of a `Run` and its processor time."""
        return self.io or self.fifo or self.gil or self.ps

    @property
    def shared(self) -> bool:
        """Whether several flows may hold one constraint."""
        return self.readers or self.sessions


def features_of(model: Model) -> Features:
    """What a model needs."""
    machine = model.machine
    arrivals = [source.arrivals for source in model.sources]
    locked = 0.0 if prepare(machine.overhead).is_nothing else machine.overhead_gil
    steps = {step for source in model.sources for route in source.routes for step in route.steps}
    return Features(
        fifo=machine.discipline == "fifo",
        ps=machine.discipline == "ps",
        loops=machine.loops,
        threads=machine.threads is not None,
        places=machine.max_flows is not None,
        drops=machine.drops,
        barging=machine.policy == "barging",
        readers=any(isinstance(step, Take) and step.mode == "reader" for step in steps),
        sessions=any(constraint.scope == "session" for constraint in model.constraints),
        gil=locked > 0 or any(function.gil for function in model.functions),
        split=any(is_split(function) for function in model.functions),
        locked_overhead=locked > 0,
        split_overhead=0 < locked < 1,
        wakeup=machine.wakeup > 0,
        overhead=not prepare(machine.overhead).is_nothing,
        io=any(not prepare(function.io).is_nothing for function in model.functions),
        closed=any(isinstance(each, Closed) for each in arrivals),
        bursts=any(isinstance(each, Open) and each.burst != 1 for each in arrivals),
        turns=machine.turns,
        spread=machine.loops and machine.turns and any(each.spreads for each in model.sources),
        shortcuts=_shortcuts(model),
    )


def is_split(function: Function) -> bool:
    """Whether a part of its processor time needs Python's lock, and a part doesn't."""
    return 0 < function.gil < 1


def _shortcuts(model: Model) -> Shortcuts:
    routes = [(None, *route.steps, None) for source in model.sources for route in source.routes]
    pairs = {pair for steps in routes for pair in pairwise(steps)}
    calls = prepare(model.machine.overhead).is_nothing
    return Shortcuts(
        first_calls=calls and all(isinstance(after, Run) for step, after in pairs if step is None),
        taken_calls=all(isinstance(after, Run) for step, after in pairs if isinstance(step, Take)),
        given_ends=all(after is None for step, after in pairs if isinstance(step, Give)),
        exponential=all(isinstance(time, Exponential) for time in _times(model)),
    )


def _times(model: Model) -> Iterator[Time]:
    """All that are drawn."""
    drawn = [model.machine.overhead]
    for function in model.functions:
        yield function.cpu
        drawn.append(function.io)
    for source in model.sources:
        yield _between(source.arrivals)
    yield from (time for time in drawn if not prepare(time).is_nothing)


def _between(arrivals: Arrivals) -> Time:
    """What an engine draws at an arrival; what was recorded is no exponential time."""
    match arrivals:
        case Open(between=time) | Closed(think=time):
            return time
        case Recorded():
            return NOTHING

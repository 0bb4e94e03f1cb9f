"""What the loop walks through: routes as ops, each a tuple that leads to the next.

An op is (kind, what follows, what it is about, the use of the function that its flow runs next).
Before the first op that use is of the beginnings; nobody's is that of who waits for a constraint.
"""

from collections import deque
from collections.abc import Callable
from itertools import accumulate, cycle
from math import log2
from typing import Any

from flux.simulation.engines.draws import Draw, Kind, Prepared, choose, prepare, sampler
from flux.simulation.engines.features import Features
from flux.simulation.engines.python.names import PLACES
from flux.simulation.model import (
    Closed,
    Give,
    Model,
    Open,
    Recorded,
    Route,
    Run,
    Source,
    Step,
    Take,
)

Op = tuple[Any, ...]
"""An op leads to others, in a way that types can't tell: mypy knows no recursive tuples."""

Flow = list[Any]


class Tables:
    """A model as the loop reads it, and what it counts.

    `ended` are the latencies of the flows that have ended in this part, by source and route;
    `beginnings` are how functions are waited for by the flows that begin with them.
    """

    def __init__(self, model: Model, f: Features, random: Draw) -> None:
        self._features = f
        self._random = random
        self.functions = model.functions
        self.uses = [new_use() for _ in model.functions]
        self.beginnings = [new_use() for _ in model.functions]
        self._uncounted = new_use()
        self.spent: list[list[float]] = [[] for _ in model.functions]
        self.constraints = [_constraint(each.scope == "session") for each in model.constraints]
        self.ended: list[list[list[float]]] = [[[] for _ in each.routes] for each in model.sources]
        self._times = [(prepare(each.cpu), prepare(each.io)) for each in model.functions]
        self._processors = model.machine.processors
        self._overhead = prepare(model.machine.overhead)
        self._overhead_gil = model.machine.overhead_gil
        self.sources = [self._source(*each) for each in enumerate(model.sources)]

    def _source(self, origin: int, source: Source) -> Flow:
        """A source, as a flow whose op is that others arrive."""
        firsts = [self._route(origin, *each) for each in enumerate(source.routes)]
        draw, burst = self._next(source)
        flow: Flow = [0.0, None]
        thing: Op = (
            *draw, burst, self._choice(source.routes, firsts),
            isinstance(source.arrivals, Closed), flow,
        )  # fmt: skip
        if self._features.turns:
            doors = [deque[Flow]() for _ in range(self._processors)]
            spreads = self._features.spread and source.spreads
            thing = (*thing, doors, None if spreads else origin % self._processors)
        flow[1] = (PLACES["ARRIVE"], firsts[0], thing, None)
        return flow

    def _next(self, source: Source) -> tuple[tuple[float, Draw | None], int]:
        """How the times between arrivals are drawn, or those for which clients think."""
        match source.arrivals:
            case Open(between, burst):
                return self._drawn(prepare(between)), burst
            case Recorded(between):
                return (0.0, cycle(between).__next__), 1
            case Closed(_, think):
                return self._drawn(prepare(think)), 1

    def draw(self, scale: float, draw: Draw | None) -> float:
        """One time, as the loop draws it."""
        return log2(1.0 - self._random()) * scale if draw is None else draw()

    def _choice(self, routes: tuple[Route, ...], firsts: list[Op]) -> Callable[[], Op] | None:
        if len(routes) == 1:
            return None
        totals, random = [*accumulate(each.weight for each in routes)], self._random
        return lambda: firsts[choose(totals, random)]

    def _drawn(self, time: Prepared) -> tuple[float, Draw | None]:
        """The scale of an exponential time, which the loop draws itself, or what draws another."""
        if time.kind is Kind.EXPONENTIAL:
            return time.numbers[0], None
        return 0.0, sampler(time, self._random)

    def _route(self, origin: int, number: int, route: Route) -> Op:
        """The first op of a route; they are made from its end."""
        op: Op = (PLACES["END"], None, self.ended[origin][number].append, new_use())
        for step in reversed(route.steps):
            op = self._step(step, op)
        first = next((step.function for step in route.steps if isinstance(step, Run)), None)
        use = new_use() if first is None else self.beginnings[first]
        if not self._features.overhead:
            return (*op[:3], use)
        if self._features.locked_overhead:
            op = _computing(self._overhead_gil, op, use)
        return (PLACES["OVERHEAD"], op, self._drawn(self._overhead), use)

    def _step(self, step: Step, following: Op) -> Op:
        match step:
            case Run(function):
                return self._run(function, following)
            case Take(constraint, mode):
                return self._take(self.constraints[constraint], mode == "reader", following)
            case Give(constraint, mode):
                kind = PLACES["HAS_READ" if mode == "reader" else "WRITTEN"]
                return (kind, following, self.constraints[constraint], following[3])

    def _take(self, constraint: list[Any], reads: bool, following: Op) -> Op:  # noqa: FBT001 - a mode
        use = following[3]
        if self._features.barging:
            again = PLACES["READ_AGAIN" if reads else "WRITE_AGAIN"]
            following = (again, following, constraint, self._uncounted)
        return (PLACES["READ" if reads else "WRITE"], following, constraint, use)

    def _run(self, function: int, following: Op) -> Op:
        cpu, io = self._times[function]
        use = self.uses[function]
        thing: Op = (self.spent[function], *self._drawn(cpu))
        if self._features.staged:
            following = _computing(self.functions[function].gil, following, use)
        if self._features.io:
            back = None if io.is_nothing else (PLACES["RETURN"], following, None, use)
            thing = (*thing, *self._drawn(io), back)
        return (PLACES["RUN"], following, thing, use)


def _computing(gil: float, following: Op, use: list[float]) -> Op:
    """The ops for processor time of which such a part needs Python's lock."""
    following = (PLACES["CPU_TIME"], following, gil > 0, use)
    return (PLACES["FREE_TIME"], following, 1.0 - gil, use) if 0 < gil < 1 else following


def _constraint(of_sessions: bool) -> list[Any]:  # noqa: FBT001 - a scope
    counts = [0, 0, 0.0, 0.0, 0.0, 0, Locks() if of_sessions else None]
    return [*new_lock(), *counts]


def new_use() -> list[float]:
    """A function that isn't used yet: see `USE`."""
    return [0, 0.0, 0.0, 0.0]


def new_lock() -> list[Any]:
    """A lock that nobody holds: see `LOCK`."""
    return [0, deque(), False, False, False]


class Locks(dict[int, list[Any]]):
    """The locks of sessions, made when they are needed."""

    def __missing__(self, session: int) -> list[Any]:
        lock = self[session] = new_lock()
        return lock

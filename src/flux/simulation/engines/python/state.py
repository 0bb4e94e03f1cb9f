"""What the loop changes, and what is made of it when a part of a run has ended."""

from collections import deque
from collections.abc import Iterator
from heapq import heappush
from itertools import chain
from typing import Any

from flux.simulation.engines.draws import Draw
from flux.simulation.engines.features import Features
from flux.simulation.engines.latencies import Tally, added
from flux.simulation.engines.python.names import PLACES
from flux.simulation.engines.python.tables import Flow, Tables, new_use
from flux.simulation.engines.waiting import saturated
from flux.simulation.model import Closed, Model
from flux.simulation.result import ConstraintUse, FunctionUse

INSIDE, QUEUE, LOCKS, CALLS, SPENT, WAITING = (
    PLACES[name] for name in ("INSIDE", "QUEUE", "LOCKS", "CALLS", "SPENT", "WAITING")
)


class State:
    """All queues and counts of a run; the loop takes those that it needs as its own variables."""

    def __init__(self, model: Model, f: Features, random: Draw) -> None:
        machine = model.machine
        self.tables = Tables(model, f, random)
        self.tallies = [[Tally() for _ in each] for each in self.tables.ended]
        self.means: list[float] = []
        self.events: list[tuple[float, int, Flow]] = []
        self.agenda: deque[Flow] = deque()
        self.processors = machine.processors
        self.ready: Any = deque()
        self.idle = [1] * machine.processors
        if f.loops:
            self.ready = [deque() for _ in range(machine.processors)]
        self.wakeup = machine.wakeup
        self.patience = machine.patience
        self.threads = machine.threads
        self.places = machine.max_flows
        self.pending: deque[Flow] = deque()
        self.outside: deque[Flow] = deque()
        self.gil_queue: deque[Flow] = deque()
        self.interval = machine.gil_interval
        self.slicing: Flow = [0.0, (PLACES["SLICE"], None, None, None)]
        self.cancelled: set[int] = set()
        self.groups = [_group() for _ in range(machine.processors if f.loops else 1)]
        self.share = self.groups[0]
        sessions = model.sessions
        self.session = lambda: int(random() * sessions)
        self._model = model
        self._shared = f.shared
        self.order = 0
        self._expect_first()

    def _expect_first(self) -> None:
        for source, flow in zip(self._model.sources, self.tables.sources, strict=True):
            scale, draw, *_ = flow[1][2]
            clients = source.arrivals.clients if isinstance(source.arrivals, Closed) else 1
            for _ in range(clients):
                self.order += 1
                heappush(self.events, (self.tables.draw(scale, draw), self.order, flow))

    def end_part(self, part: int, now: float) -> None:
        """Add up what happened, or forget it, if it was the warm-up."""
        if part == 0:
            self._forget(now)
        else:
            self._add()
            self._spend()
        for times in chain(chain.from_iterable(self.tables.ended), self.tables.spent):
            times.clear()

    def _add(self) -> None:
        """Add up latencies, route by route."""
        total, count = 0.0, 0
        ended = chain.from_iterable(self.tables.ended)
        for tally, times in zip(chain.from_iterable(self.tallies), ended, strict=True):
            if times:
                total += tally.add(times)
                count += len(times)
        self.means.append(total / count)

    def _spend(self) -> None:
        """Add up the times of calls, function by function."""
        for use, spent in zip(self.tables.uses, self.tables.spent, strict=True):
            use[CALLS] += len(spent)
            use[SPENT] = added(use[SPENT], spent)

    def _forget(self, now: float) -> None:
        for use in chain(self.tables.uses, self.tables.beginnings):
            use[:] = new_use()
        for constraint in self.tables.constraints:
            waiting, inside = _levels(constraint)
            busy = float(inside > 0)
            first = PLACES["TAKEN"]
            constraint[first : first + 5] = [0, 0, -waiting * now, -inside * now, -busy * now]

    def functions(self) -> tuple[FunctionUse, ...]:
        """How functions were used."""
        uses = zip(self.tables.uses, self.tables.beginnings, strict=True)
        return tuple(
            FunctionUse(int(calls), cpu, waiting, io, begun[WAITING])
            for (calls, cpu, waiting, io), begun in uses
        )

    def constraints(self, now: float) -> tuple[ConstraintUse, ...]:
        """How constraints were used."""
        return tuple(self._constraint(each, now) for each in self.tables.constraints)

    def _constraint(self, constraint: list[Any], now: float) -> ConstraintUse:
        waiting, inside = _levels(constraint)
        first = PLACES["TAKEN"]
        taken, contended, awaited, holding, busy = constraint[first : first + 5]
        total = holding + inside * now
        return ConstraintUse(
            taken=taken,
            contended=contended,
            waiting=awaited + waiting * now,
            holding=total,
            busy=busy + (inside > 0) * now if self._shared else total,
        )

    def saturate(self, population: int) -> None:
        """Say where most flows wait."""
        raise saturated(self._model, population, [*self._waiting()])

    def _waiting(self) -> Iterator[int]:
        """How many, in the order of `flux.simulation.engines.waiting`."""
        ready = self.ready if isinstance(self.ready, list) else [self.ready]
        yield sum(map(len, ready))
        yield sum(len(group[2]) for group in self.groups)
        yield len(self.pending)
        yield len(self.outside)
        yield len(self.gil_queue)
        yield len(self.events)
        for constraint in self.tables.constraints:
            yield _levels(constraint)[0]


def _levels(constraint: list[Any]) -> tuple[int, int]:
    """How many wait for it, and how many hold it."""
    locks = [constraint] if constraint[LOCKS] is None else constraint[LOCKS].values()
    return sum(len(lock[QUEUE]) for lock in locks), sum(abs(lock[INSIDE]) for lock in locks)


def _group() -> list[Any]:
    """Nobody shares processors: see `GROUP`."""
    event: Flow = [0.0, None]
    group: list[Any] = [0.0, 0.0, [], 0, event]
    event[1] = (PLACES["SHARE"], None, group, None)
    return group

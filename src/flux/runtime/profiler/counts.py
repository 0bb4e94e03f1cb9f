"""What a profile has counted: by path, by node, by constraint, by source."""

from operator import sub
from typing import NamedTuple

from flux.runtime.profiler.histogram import Histogram, Reading
from flux.runtime.profiler.marks import Kind, Mark

MOST_PATHS = 4096


class PathKey(NamedTuple):
    """One way that flows have taken; `path` is None where it has no number."""

    source: str
    path: int | None
    outcome: int


class PathReading(NamedTuple):
    """The flows of one path, and how many of them were timed."""

    flows: int
    timed: int
    wall: Reading
    waiting: Reading
    queued: Reading
    cpu: Reading


class NodeReading(NamedTuple):
    """The calls of one function."""

    failures: int
    wall: Reading
    cpu: Reading


class ConstraintReading(NamedTuple):
    """The uses of one constraint in one mode."""

    acquired: int
    waiting: Reading
    holding: Reading


class SourceReading(NamedTuple):
    """The beginnings of a source's flows."""

    started: int
    dropped: int
    gaps: Reading


class PathCount:
    """Counts the flows of one path."""

    __slots__ = ("count", "cpu", "queued", "timed", "waiting", "wall")

    def __init__(self) -> None:
        self.count = self.timed = 0
        self.wall, self.waiting = Histogram(), Histogram()
        self.queued, self.cpu = Histogram(), Histogram()

    def fold(self) -> None:
        """Count what waits."""
        for each in (self.wall, self.waiting, self.queued, self.cpu):
            each.fold()

    def read(self) -> PathReading:
        """What it has come to."""
        histograms = (self.wall, self.waiting, self.queued, self.cpu)
        return PathReading(self.count, self.timed, *(each.read() for each in histograms))


class NodeCount:
    """Counts the calls of one function."""

    __slots__ = ("cpu", "failures", "wall")

    def __init__(self) -> None:
        self.failures = 0
        self.wall, self.cpu = Histogram(), Histogram()

    def fold(self) -> None:
        """Count what waits."""
        self.wall.fold()
        self.cpu.fold()

    def read(self) -> NodeReading:
        """What it has come to."""
        return NodeReading(self.failures, self.wall.read(), self.cpu.read())


class ConstraintCount:
    """Counts the uses of one constraint in one mode."""

    __slots__ = ("acquired", "holding", "waiting")

    def __init__(self) -> None:
        self.acquired = 0
        self.waiting, self.holding = Histogram(), Histogram()

    def fold(self) -> None:
        """Count what waits."""
        self.waiting.fold()
        self.holding.fold()

    def read(self) -> ConstraintReading:
        """What it has come to."""
        return ConstraintReading(self.acquired, self.waiting.read(), self.holding.read())


class SourceCount:
    """Counts the beginnings of a source's flows."""

    __slots__ = ("_gaps", "_last", "_started", "dropped")

    def __init__(self) -> None:
        self.dropped = self._started = 0
        self._gaps = Histogram()
        self._last: list[int] = []

    def add(self, waiting: list[int]) -> None:
        """Count beginnings, and take them out of a list to which others are being added."""
        times = waiting[:]
        if times:
            del waiting[: len(times)]
            self._started += len(times)
            self._gaps.add(list(map(sub, times[1 - len(self._last) :], self._last + times)))
            self._last = times[-1:]

    def pause(self) -> None:
        """The profile goes off: what comes later is no gap between flows."""
        self._last = []

    def read(self) -> SourceReading:
        """What it has come to."""
        return SourceReading(self._started, self.dropped, self._gaps.read())


class Snapshot(NamedTuple):
    """All counts at one time."""

    paths: dict[PathKey, PathReading]
    nodes: dict[Mark, NodeReading]
    constraints: dict[Mark, ConstraintReading]
    sources: dict[str, SourceReading]


class Counts:
    """Everything that is counted; who asks for a count that isn't there yet makes it."""

    def __init__(self) -> None:
        self._paths: dict[PathKey, PathCount] = {}
        self._nodes: dict[Mark, NodeCount] = {}
        self._constraints: dict[Mark, ConstraintCount] = {}
        self._sources: dict[str, SourceCount] = {}

    def path(self, key: PathKey) -> PathCount:
        """That of a path; beyond so many, of all that have no number."""
        if key not in self._paths and len(self._paths) >= MOST_PATHS:
            key = key._replace(path=None)
        return self._paths.setdefault(key, PathCount())

    def node(self, mark: Mark) -> NodeCount:
        """That of a function, whether this call failed or not."""
        return self._nodes.setdefault(mark._replace(failed=False), NodeCount())

    def constraint(self, mark: Mark) -> ConstraintCount:
        """That of a constraint in one mode, whether it was taken here or given back."""
        return self._constraints.setdefault(mark._replace(kind=Kind.ACQUIRED), ConstraintCount())

    def source(self, name: str) -> SourceCount:
        """That of a source."""
        return self._sources.get(name) or self._sources.setdefault(name, SourceCount())

    def pause(self) -> None:
        """The profile goes off."""
        for source in self._sources.values():
            source.pause()

    def fold(self) -> None:
        """Count the durations that wait in histograms."""
        for path in self._paths.values():
            path.fold()
        for node in self._nodes.values():
            node.fold()
        for constraint in self._constraints.values():
            constraint.fold()

    def read(self) -> Snapshot:
        """All of them now."""
        return Snapshot(
            {key: path.read() for key, path in self._paths.items()},
            {mark: node.read() for mark, node in self._nodes.items()},
            {mark: constraint.read() for mark, constraint in self._constraints.items()},
            {name: source.read() for name, source in self._sources.items()},
        )

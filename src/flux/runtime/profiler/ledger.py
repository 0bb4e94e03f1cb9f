"""Where records are filed when their flows end, and what they have come to.

Records of one shape on one path wait in a group until there are enough to be added up at once, for
which there is a lock. A flow takes it only if its record is the last one that was needed, or the
first of its shape: what ends on a path is almost always shaped as the flow before it. Nothing here
grows without bound: a group may be retired, and whoever was about to add a record to it then adds
it up himself.
"""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

from flux.runtime.endings import Outcome, outcome_of
from flux.runtime.flow import Flow
from flux.runtime.paths import Paths
from flux.runtime.profiler.counts import Counts, PathKey, Snapshot
from flux.runtime.profiler.groups import Group
from flux.runtime.profiler.marks import Marks
from flux.runtime.profiler.pace import Pace
from flux.runtime.program import Source
from flux.runtime.stamps import Record

MOST_GROUPS = 4096
MOST_WAITING = 2**19

Way = tuple[int | None, int]
"""The registers of a flow: its turn's, and its own."""


class Ledger:
    """The counts of a profile, exact for all flows that have ended."""

    def __init__(self, marks: Marks, paths: Paths) -> None:
        self._marks = marks
        self._paths = paths
        self._guard = threading.Lock()
        self._times: dict[str, list[int]] = {}
        self._paces: dict[str, Pace] = {}
        self._ended: dict[str, tuple[Source, list[Way]]] = {}
        self._latest: dict[str, dict[Way, Group]] = {}
        self.clear()

    def clear(self) -> None:
        """Forget what was counted."""
        with self._guard:
            self._counts = Counts()
            self._groups: dict[tuple[Any, ...], Group] = {}
            self._forget_latest()
            for times in self._times.values():
                times.clear()
            for _, ended in self._ended.values():
                ended.clear()
            self._waiting = 0

    def pause(self) -> None:
        """The profile goes off."""
        with self._guard:
            self._add_beginnings()
            self._counts.pause()
            for pace in self._paces.values():
                pace.pause()

    def pace(self, source: Source) -> Pace:
        """How many of a source's flows are timed."""
        return self._paces.setdefault(source.name, Pace(self._marks))

    @property
    def every(self) -> int:
        """Of how many flows one is timed, at the source where that is the smallest part."""
        return max((pace.weight for pace in list(self._paces.values())), default=1)

    def beginnings(self, source: Source) -> list[int]:
        """Where to put when each flow of a source began; only its own thread does.

        When there are many, or the latest is later than the pace awaits, they are to be added up.
        """
        return self._times.setdefault(source.name, [])

    def add_beginnings(self, source: Source, latest: int) -> None:
        """Add up a source's beginnings, and learn how fast they come."""
        times = self.beginnings(source)
        self.pace(source).learn(latest, len(times))
        with self._guard:
            self._counts.source(source.name).add(times)

    def finishes(self, source: Source) -> Callable[[Flow, Record], None]:
        """What is told of each timed flow of a source that came to its end by itself."""
        latest = self._latest.setdefault(source.name, {})

        def finished(flow: Flow, stamps: Record) -> None:
            group = latest.get((flow.turn, flow.path))
            if group is None or (
                (len(stamps) != group.least or stamps[0] != group.numbers[0])
                and group.numbers != stamps[0::2]
            ):
                group = self._finishing(source, flow, stamps)
            records = group.records
            records.append(stamps)
            self._waiting += len(stamps)  # about: it is but a limit
            if len(records) >= group.enough or group.retired or self._waiting > MOST_WAITING:
                self._relieve(group)

        return finished

    def ends(self, source: Source) -> list[Way]:
        """Where to put the ways of a source's untimed flows that came to their end by themselves.

        When there are many, they are to be added up.
        """
        return self._ended.setdefault(source.name, (source, []))[1]

    def add_ends(self) -> None:
        """Add up the ends of untimed flows."""
        with self._guard:
            self._add_ends()

    def broken(
        self, source: Source, flow: Flow, stamps: Record | None, exception: BaseException
    ) -> None:
        """A flow or a turn, timed or not, ended by an exception."""
        number = self._paths.number(source, flow, exception)
        path = PathKey(source.name, number, outcome_of(exception))
        with self._guard:
            if flow.turn is None:
                self._counts.source(source.name).dropped += 1
            if stamps is None:
                self._counts.path(path).count += 1
                return
            group = self._group(path, stamps)
        self._file(group, stamps)

    def opened(self, stamps: Record) -> None:
        """A turn that began while the profile was on has given a flow that didn't."""
        with self._guard:
            group = self._group(None, stamps)
        self._file(group, stamps)

    def read(self) -> Snapshot:
        """What has been counted so far."""
        with self._guard:
            self._fold()
            self._add_beginnings()
            self._add_ends()
            return self._counts.read()

    def _group(self, path: PathKey | None, stamps: Record) -> Group:
        """That of a record on a path, which is made if need be."""
        numbers = stamps[0::2]
        key = (path, *numbers)
        if key not in self._groups:
            if len(self._groups) >= MOST_GROUPS:
                self._retire()
            self._groups[key] = Group(numbers, self._marks.shape(numbers), self._counts, path)
        return self._groups[key]

    def _finishing(self, source: Source, flow: Flow, stamps: Record) -> Group:
        """The group of a flow that isn't shaped as the last one on its path."""
        path = PathKey(source.name, self._paths.number(source, flow), Outcome.FINISHED)
        latest = self._latest[source.name]
        with self._guard:
            if len(latest) >= MOST_GROUPS:
                latest.clear()
            group = latest[flow.turn, flow.path] = self._group(path, stamps)
        return group

    def _file(self, group: Group, stamps: Record) -> None:
        group.records.append(stamps)
        self._waiting += len(stamps)
        self._relieve(group)

    def _relieve(self, group: Group) -> None:
        """Add up what waits, where there is enough or too much of it."""
        if len(group.records) >= group.enough or group.retired:
            with self._guard:
                group.fold()
        if self._waiting > MOST_WAITING:
            with self._guard:
                self._fold()
                self._counts.fold()

    def _retire(self) -> None:
        for group in self._groups.values():
            group.retired = True
        self._fold()
        self._groups.clear()
        self._forget_latest()

    def _forget_latest(self) -> None:
        for latest in self._latest.values():
            latest.clear()

    def _add_beginnings(self) -> None:
        for name, times in self._times.items():
            if times:  # a source that has begun nothing isn't there
                self._counts.source(name).add(times)

    def _add_ends(self) -> None:
        for source, ended in self._ended.values():
            ways = ended[:]
            del ended[: len(ways)]
            for (turn, path), flows in Counter(ways).items():
                flow = Flow()
                flow.turn, flow.path = turn, path
                key = PathKey(source.name, self._paths.number(source, flow), Outcome.FINISHED)
                self._counts.path(key).count += flows

    def _fold(self) -> None:
        for group in self._groups.values():
            group.fold()
        self._waiting = 0

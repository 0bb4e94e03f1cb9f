"""Where records are filed when their flows end, and what they have come to.

Records of one shape on one path wait in a group until there are enough to be added up at once, for
which there is a lock. A flow takes it only if its record is the last one that was needed, or the
first of its shape: what ends on a path is almost always shaped as the flow before it. Nothing here
grows without bound: a group may be retired, and whoever was about to add a record to it then adds
it up himself.
"""

import threading
from typing import Any

from flux.runtime.endings import Outcome, outcome_of
from flux.runtime.flow import Flow
from flux.runtime.paths import Paths
from flux.runtime.profiler.counts import Counts, PathKey, Snapshot
from flux.runtime.profiler.groups import Group
from flux.runtime.profiler.marks import Marks
from flux.runtime.program import Source
from flux.runtime.stamps import Record

MOST_GROUPS = 4096
MOST_WAITING = 2**19
MOST_BEGINNINGS = 512


class Ledger:
    """The counts of a profile, exact for all flows that have ended."""

    def __init__(self, marks: Marks, paths: Paths) -> None:
        self._marks = marks
        self._paths = paths
        self._guard = threading.Lock()
        self.clear()

    def clear(self) -> None:
        """Forget what was counted."""
        with self._guard:
            self._counts = Counts()
            self._groups: dict[tuple[Any, ...], Group] = {}
            self._latest: dict[tuple[Any, ...], Group] = {}
            self._waiting = 0

    def pause(self) -> None:
        """The profile goes off."""
        with self._guard:
            self._counts.pause()

    def began(self, source: Source, stamps: Record) -> None:
        """A turn has given a flow."""
        count = self._counts.source(source.name)
        count.beginnings.append(self._marks.beginning(stamps))
        if len(count.beginnings) > MOST_BEGINNINGS:
            with self._guard:
                count.fold()

    def finished(self, source: Source, flow: Flow, stamps: Record) -> None:
        """A flow came to its end by itself."""
        way = (source.name, flow.turn, flow.path)
        group = self._latest.get(way)
        if group is None or group.numbers != stamps[0::2]:
            path = PathKey(source.name, self._paths.number(source, flow), Outcome.FINISHED)
            with self._guard:
                group = self._group(path, stamps)
                if len(self._latest) >= MOST_GROUPS:
                    self._latest.clear()
                self._latest[way] = group
        self._file(group, stamps)

    def broken(self, source: Source, flow: Flow, stamps: Record, exception: BaseException) -> None:
        """A flow or a turn ended by an exception."""
        number = self._paths.number(source, flow, exception)
        path = PathKey(source.name, number, outcome_of(exception))
        with self._guard:
            if flow.turn is None:
                self._counts.source(source.name).dropped += 1
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

    def _file(self, group: Group, stamps: Record) -> None:
        group.records.append(stamps)
        self._waiting += len(stamps)  # about: it is but a limit
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
        self._latest.clear()

    def _fold(self) -> None:
        for group in self._groups.values():
            group.fold()
        self._waiting = 0

"""Where records are filed when their flows end, and what they have come to.

Records of one shape on one path wait in a group until there are enough to be added up at once. A
lock makes counts exact; a flow takes it twice. Nothing here grows without bound: a group that has
been added up may be forgotten.
"""

import threading
from collections.abc import Sequence
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
            self._waiting = 0

    def pause(self) -> None:
        """The profile goes off."""
        with self._guard:
            self._counts.pause()

    def began(self, source: Source, stamps: Record) -> None:
        """A turn has given a flow."""
        beginning = self._marks.beginning(stamps)
        with self._guard:
            self._counts.source(source.name).begin(beginning)

    def finished(self, source: Source, flow: Flow, stamps: Record) -> None:
        """A flow came to its end by itself."""
        shape = tuple(stamps[0::2])
        key = (source.name, Outcome.FINISHED, flow.turn, flow.path, shape)
        with self._guard:
            group = self._groups.get(key)
            if group is None:
                number = self._paths.number(source, flow)
                path = PathKey(source.name, number, Outcome.FINISHED)
                group = self._add_group(key, shape, path)
            self._file(group, stamps)

    def broken(self, source: Source, flow: Flow, stamps: Record, exception: BaseException) -> None:
        """A flow or a turn ended by an exception."""
        shape = tuple(stamps[0::2])
        path = PathKey(
            source.name, self._paths.number(source, flow, exception), outcome_of(exception)
        )
        with self._guard:
            if flow.turn is None:
                self._counts.source(source.name).dropped += 1
            key = (*path, shape)
            self._file(self._groups.get(key) or self._add_group(key, shape, path), stamps)

    def opened(self, stamps: Record) -> None:
        """A turn that began while the profile was on has given a flow that didn't."""
        shape = tuple(stamps[0::2])
        with self._guard:
            self._file(self._groups.get(shape) or self._add_group(shape, shape, None), stamps)

    def read(self) -> Snapshot:
        """What has been counted so far."""
        with self._guard:
            self._fold()
            return self._counts.read()

    def _add_group(self, key: tuple[Any, ...], shape: Sequence[int], path: PathKey | None) -> Group:
        if len(self._groups) >= MOST_GROUPS:
            self._fold()
            self._groups.clear()
        group = self._groups[key] = Group(self._marks.shape(shape), self._counts, path)
        return group

    def _file(self, group: Group, stamps: Record) -> None:
        group.records.append(stamps)
        self._waiting += len(stamps)
        if len(group.records) >= group.enough:
            group.fold()
        if self._waiting > MOST_WAITING:
            self._fold()
            self._counts.fold()

    def _fold(self) -> None:
        for group in self._groups.values():
            group.fold()
        self._waiting = 0

"""Records of one shape, on one path, added up many at a time.

All their times at one place are a column, and columns are subtracted, summed and counted by
functions of C; what to subtract from what is found once, when the group is made.

Records are added while others are added up: `append` needs no lock, and what is added up is taken
from the front of a list that stays the same.
"""

from collections.abc import Sequence
from operator import sub

from flux.runtime.profiler.clocks import COST_OF_CPU
from flux.runtime.profiler.counts import ConstraintCount, Counts, NodeCount, PathCount, PathKey
from flux.runtime.profiler.histogram import Histogram
from flux.runtime.profiler.marks import Kind, Mark
from flux.runtime.profiler.shapes import Shape, Span
from flux.runtime.stamps import Record

MOST_RECORDS = 128
MOST_MARKS = 2**15

Columns = Sequence[tuple[int, ...]]


class Group:
    """What waits to be added up, and where it goes."""

    def __init__(
        self, numbers: list[int], marks: Sequence[Mark], counts: Counts, path: PathKey | None
    ) -> None:
        """Get ready for records of a path; without one, only their turns' first nodes count."""
        self.numbers = numbers
        self.least = 2 * len(numbers) if path and path.path is not None and _is_bare(marks) else 0
        """How long the shortest record of the path is; 0 if this isn't it, or may be any path's.

        A path says what is called and taken, in which order: longer records have waits besides.
        """
        self.records: list[Record] = []
        self.retired = False
        self.enough = max(1, min(MOST_RECORDS, MOST_MARKS // len(marks)))
        self._weight = marks[0].stands_for
        self._paths: list[PathCount] = []
        self._failures: list[NodeCount] = []
        self._taken: list[ConstraintCount] = []
        self._spans: list[tuple[Histogram, Span]] = []
        self._sums: list[tuple[Histogram, list[Span]]] = []
        self._zeros: list[Histogram] = []
        shape = Shape(marks)
        self._read_calls(shape, counts, opening_only=path is None)
        if path is not None:
            self._read_constraints(shape, counts)
            self._read_path(shape, counts.path(path), timed=Kind.CPU in {m.kind for m in marks})

    def fold(self) -> None:
        """Add up the records that are here, and let go of them."""
        records = self.records[:]
        if not records:
            return
        del self.records[: len(records)]
        weight = self._weight
        flows = len(records) * weight
        columns = list(zip(*[record[1::2] for record in records], strict=True))
        for histogram, span in self._spans:
            histogram.add(_differences(columns, span), 1 if span.of_cpu else weight)
        for histogram, spans in self._sums:
            parts = [_differences(columns, span) for span in spans]
            histogram.add(
                list(map(sum, zip(*parts, strict=True))), 1 if spans[0].of_cpu else weight
            )
        for histogram in self._zeros:
            histogram.add_zeros(flows)
        for path in self._paths:
            path.count += len(records)
            path.timed += len(records)
        for node in self._failures:
            node.failures += flows
        for constraint in self._taken:
            constraint.acquired += flows

    def _read_calls(self, shape: Shape, counts: Counts, *, opening_only: bool) -> None:
        for span in shape.calls:
            if span.mark.kind is Kind.OPENING or not opening_only:
                self._spans.append((counts.node(span.mark).wall, span))
                self._failures += [counts.node(span.mark)] if span.mark.failed else []
        for span in shape.cpu:
            if span.mark.kind is Kind.OPENING or not opening_only:
                self._spans.append((counts.node(span.mark).cpu, span))

    def _read_constraints(self, shape: Shape, counts: Counts) -> None:
        self._taken += [counts.constraint(mark) for mark in shape.taken]
        self._spans += [(counts.constraint(span.mark).waiting, span) for span in shape.waits]
        self._spans += [(counts.constraint(span.mark).holding, span) for span in shape.holds]

    def _read_path(self, shape: Shape, path: PathCount, *, timed: bool) -> None:
        self._paths.append(path)
        self._add_sum(path.wall, [shape.flow])
        self._add_sum(path.waiting, shape.own_waits)
        self._add_sum(path.queued, shape.queued)
        if timed:
            self._add_sum(path.cpu, shape.own_cpu)

    def _add_sum(self, histogram: Histogram, spans: list[Span]) -> None:
        match spans:
            case []:
                self._zeros.append(histogram)
            case [span]:
                self._spans.append((histogram, span))
            case _:
                self._sums.append((histogram, spans))


def _is_bare(marks: Sequence[Mark]) -> bool:
    """Whether a record tells nothing besides what its path does."""
    return all(mark.kind not in {Kind.WAITED, Kind.CPU} for mark in marks)


def _differences(columns: Columns, span: Span) -> list[int]:
    times = list(map(sub, columns[span.end], columns[span.begin]))
    return [max(0, each - COST_OF_CPU) for each in times] if span.of_cpu else times

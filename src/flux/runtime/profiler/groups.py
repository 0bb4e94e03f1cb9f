"""Records of one shape, on one path, added up many at a time.

All their times at one place are a column, and columns are subtracted, summed and sorted by
functions of C; what to subtract from what is found once, when the group is made.
"""

from collections.abc import Sequence
from operator import sub

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

    def __init__(self, marks: Sequence[Mark], counts: Counts, path: PathKey | None) -> None:
        """Get ready for records of a path; without one, only their turns' first nodes count."""
        self.records: list[Record] = []
        self.enough = max(1, min(MOST_RECORDS, MOST_MARKS // len(marks)))
        self._paths: list[PathCount] = []
        self._failures: list[NodeCount] = []
        self._taken: list[ConstraintCount] = []
        self._spans: list[tuple[Histogram, Span]] = []
        self._sums: list[tuple[Histogram, list[Span]]] = []
        shape = Shape(marks)
        self._read_calls(shape, counts, opening_only=path is None)
        if path is not None:
            self._read_constraints(shape, counts)
            self._read_path(shape, counts.path(path), timed=Kind.CPU in {m.kind for m in marks})

    def fold(self) -> None:
        """Add up the records that are here, and let go of them."""
        records, self.records = self.records, []
        if not records:
            return
        columns = list(zip(*[record[1::2] for record in records], strict=True))
        for histogram, span in self._spans:
            histogram.add(_differences(columns, span))
        for histogram, spans in self._sums:
            _add_sums(histogram, columns, spans, len(records))
        for path in self._paths:
            path.count += len(records)
        for node in self._failures:
            node.failures += len(records)
        for constraint in self._taken:
            constraint.acquired += len(records)

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
        self._sums.append((path.wall, [shape.flow]))
        self._sums.append((path.waiting, shape.own_waits))
        self._sums.append((path.queued, shape.queued))
        if timed:
            self._sums.append((path.cpu, shape.own_cpu))


def _differences(columns: Columns, span: Span) -> list[int]:
    return list(map(sub, columns[span.end], columns[span.begin]))


def _add_sums(histogram: Histogram, columns: Columns, spans: Sequence[Span], size: int) -> None:
    parts = [_differences(columns, span) for span in spans]
    match parts:
        case []:
            histogram.add_zeros(size)
        case [part]:
            histogram.add(part)
        case _:
            histogram.add(list(map(sum, zip(*parts, strict=True))))

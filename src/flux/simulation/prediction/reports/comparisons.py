"""A prediction beside its profile, as tables: what was compared, kind by kind, and path by path."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from flux.profile.table import Cell, Row, Table, trimmed
from flux.profile.units import digits
from flux.render.paint import Style
from flux.simulation.prediction.compared import Row as Compared
from flux.simulation.prediction.compared import Unit
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.judgement import OF_PATH, paths_by_strain
from flux.simulation.prediction.measures import LATENCIES
from flux.simulation.prediction.replay import Replay
from flux.simulation.prediction.reports.words import (
    change,
    number_within,
    part,
    part_within,
    rate,
    rate_within,
    time,
    time_within,
)

MOST_PATHS = 20

_SHOWN: dict[Unit, tuple[Callable[[float], str], Callable[[Estimate], str]]] = {
    "time": (time, time_within),
    "rate": (rate, rate_within),
    "share": (part, part_within),
    "number": (digits, number_within),
}

PATHS = ("flows", "off", "mean", "predicted", "off", "p50 off", "p95 off", "p99 off", "path")


def comparisons(replay: Replay) -> Iterator[Table]:
    """A table for each kind of what was compared; paths have one row each."""
    paths = paths_by_strain(replay)
    for about, rows in groupby(replay.rows, key=lambda row: OF_PATH in row.about or row.about):
        if about is not True:
            shown = tuple(map(_row, rows))
            yield Table(_capital(str(about)), ("measured", "predicted", "off", ""), shown)
        elif paths:
            title = "Paths, those that are furthest off first"
            yield trimmed(Table(title, PATHS, tuple(map(_path, paths))), MOST_PATHS)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _row(row: Compared) -> Row:
    measured, predicted = _SHOWN[row.unit]
    cells = (Cell(measured(row.measured)), Cell(predicted(row.predicted)), _off(row))
    return Row(cells, Cell(row.name))


def _path(rows: Sequence[Compared]) -> Row:
    """A path; what isn't known of it is a dash."""
    found = {row.about.removesuffix(OF_PATH): row for row in rows}
    flows, mean = found.get("flows"), found.get("mean")
    cells = [Cell(f"{flows.measured:,.0f}") if flows else Cell("-"), _off(flows)]
    cells += [Cell(time(mean.measured)) if mean else Cell("-")]
    cells += [Cell(time(mean.predicted.value)) if mean else Cell("-")]
    cells += [_off(found.get(name)) for name in LATENCIES]
    return Row(tuple(cells), Cell(rows[0].name))


def _off(row: Compared | None) -> Cell:
    """By how much it is off: red if that is too much, grey if it isn't judged."""
    if row is None or row.off is None:
        return Cell("-")
    style = Style.PLAIN if row.allowed else Style.QUIET
    return Cell(change(row.off), Style.ERROR if row.is_miss else style)

"""The views of a profile, each a table: paths, errors, nodes, constraints, cases, sources.

Each is ranked by a measure, what has the most of it first.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from flux.profile.histogram import Histogram, together
from flux.profile.model import Case, Constraint, Node, Path, Profile, Source
from flux.profile.naming import constraint_name, node_name, path_name
from flux.profile.ranking import (
    FEW,
    By,
    constraint_weight,
    node_weight,
    parked,
    parked_on,
    path_weight,
    ranked,
)
from flux.profile.table import Cell, Row, Table
from flux.profile.units import duration, number, percent, rate, share
from flux.render.paint import Style

WORDS = {"time": "time", "count": "count", "cpu": "processor time", "wait": "waiting"}
"""What a measure is called in a title."""

T = TypeVar("T")
UNSURE = "~"
MUCH = 0.5
SOME = 0.1


def views(profile: Profile, by: By, limit: int) -> Iterator[Table]:
    """All views that have something to show."""
    tables = (
        paths_view(profile, by, limit),
        errors_view(profile, limit),
        nodes_view(profile, by, limit),
        constraints_view(profile, by, limit),
        cases_view(profile, limit),
        sources_view(profile, limit),
        queue_view(profile),
    )
    return (table for table in tables if table.rows)


def paths_view(profile: Profile, by: By, limit: int) -> Table:
    """The hot paths, and what their time consists of."""
    paths = ranked(_taken(profile), lambda path: path_weight(path, by))
    whole = sum(path_weight(path, by) for path in paths)
    is_queued = any(path.queued.total for path in paths)
    headings = ("share", "count", "mean", "p50", "p95", "p99", "cpu", "wait", "queue", "i/o")
    shown = tuple(word for word in headings if is_queued or word != "queue")

    def row(path: Path) -> Row:
        hot = _heat(path_weight(path, by), whole)
        cells = (hot, Cell(number(path.count)), *_spread(path.wall, 50, 95, 99), *_parts(path))
        kept = (cell for cell, word in zip(cells, headings, strict=True) if word in shown)
        return Row(tuple(kept), Cell(path_name(path), OUTCOMES[path.outcome]))

    return _table(f"Hot paths, by {WORDS[by]}", (*shown, "path"), row, paths, limit)


def errors_view(profile: Profile, limit: int) -> Table:
    """The paths on which something failed, those that are taken most often first."""
    flows = sum(path.count for path in profile.paths)
    failing = [path for path in _taken(profile) if path.outcome != "finished"]
    paths = ranked(failing, lambda path: path.count)

    def row(path: Path) -> Row:
        cells = (Cell(share(path.count, flows)), Cell(number(path.count)), Cell(path.outcome))
        return Row(cells, Cell(path_name(path), OUTCOMES[path.outcome]))

    headings = ("of flows", "count", "outcome", "path")
    return _table("Errors, by count", headings, row, paths, limit)


def nodes_view(profile: Profile, by: By, limit: int) -> Table:
    """The nodes; those that open turns have no share of the flows' time."""
    called = [node for node in profile.nodes if node.calls]
    nodes = ranked(called, lambda node: node_weight(node, by))
    whole = sum(node_weight(node, by) for node in nodes)

    def row(node: Node) -> Row:
        opens = node.kind == "opening" and by in ("time", "wait")
        cells = (
            Cell("-", Style.QUIET) if opens else _heat(node_weight(node, by), whole),
            Cell(number(node.calls)),
            Cell(share(node.failures, node.calls), _alarm(node.failures, node.calls)),
            *_spread(node.wall, 95),
            Cell(asked(duration(node.cpu.mean), node.cpu.count)),
            Cell(asked(duration(parked(node)), node.cpu.count)),
        )
        return Row(cells, Cell(node_name(node)))

    headings = ("share", "calls", "failed", "mean", "p95", "cpu", "parked", "node")
    measure = "time parked" if by == "wait" else WORDS[by]
    return _table(f"Nodes, by {measure}", headings, row, nodes, limit)


def constraints_view(profile: Profile, by: By, limit: int) -> Table:
    """The constraints, those that make flows wait most first."""
    taken = [constraint for constraint in profile.constraints if constraint.acquired]
    constraints = sorted(taken, key=lambda each: constraint_weight(each, by), reverse=True)

    def row(each: Constraint) -> Row:
        contended = Cell(
            share(each.contended, each.acquired), _alarm(each.contended, each.acquired)
        )
        waited = each.waiting.over(each.acquired)
        numbers = (*_mean_and_95(waited), *_mean_and_95(each.holding))
        cells = (Cell(number(each.acquired)), contended, *map(Cell, numbers))
        return Row(cells, Cell(constraint_name(each)))

    headings = ("taken", "contended", "wait", "p95", "held", "p95", "constraint")
    title = f"Constraints, by {'count' if by == 'count' else 'waiting'}"
    return _table(title, headings, row, constraints, limit)


def cases_view(profile: Profile, limit: int) -> Table:
    """How often each case of a node is chosen."""
    ordered = sorted(profile.cases, key=lambda case: case.node)
    whole = {
        node: sum(case.count for case in cases)
        for node, cases in groupby(ordered, lambda case: case.node)
    }
    cases = sorted(profile.cases, key=lambda case: (-whole[case.node], case.node, -case.count))

    def row(case: Case) -> Row:
        cells = (Cell(share(case.count, whole[case.node])), Cell(number(case.count)))
        return Row(cells, Cell(f"{case.node}:{case.case}"))

    return _table("Cases", ("chosen", "count", "case"), row, cases, limit)


def sources_view(profile: Profile, limit: int) -> Table:
    """What comes from where, and how fast."""
    sources = ranked(profile.sources, lambda source: source.started)

    def row(source: Source) -> Row:
        cells = (
            Cell(rate(source.started, profile.elapsed)),
            Cell(number(source.started)),
            Cell(number(source.dropped), Style.WARNING if source.dropped else Style.PLAIN),
            *map(Cell, _mean_and_95(source.gaps)),
        )
        return Row(cells, Cell(f"{source.source} => {source.target}"))

    headings = ("rate", "flows", "dropped", "gap", "p95", "source")
    return _table("Sources", headings, row, sources, limit)


def queue_view(profile: Profile) -> Table:
    """How long flows are queued until something takes them up."""
    queued = together(path.queued for path in profile.paths)
    if not queued.total:
        return Table("Queue", (), ())
    cells = (Cell(share(queued.total, _time(profile))), *_spread(queued, 50, 95, 99))
    row = Row((*cells, Cell(duration(queued.max))), Cell("all flows"))
    return Table("Queue", ("of time", "mean", "p50", "p95", "p99", "longest", "of"), (row,))


OUTCOMES = {"finished": Style.PLAIN, "handled": Style.WARNING, "failed": Style.ERROR}


def _taken(profile: Profile) -> list[Path]:
    return [path for path in profile.paths if path.count]


def _time(profile: Profile) -> int:
    return sum(path.wall.total for path in profile.paths)


def _table(
    title: str,
    headings: tuple[str, ...],
    row: Callable[[T], Row],
    items: Sequence[T],
    limit: int,
) -> Table:
    rows = tuple(map(row, items[:limit]))
    return Table(title, headings, rows, max(len(items) - limit, 0))


def _heat(part: float, whole: float) -> Cell:
    """A share, which stands out if it is large."""
    style = Style.ERROR if part >= MUCH * whole else Style.WARNING
    is_some = whole and part >= SOME * whole
    return Cell(share(part, whole), style if is_some else Style.PLAIN)


def _alarm(part: int, whole: int) -> Style:
    return Style.WARNING if part >= SOME * whole else Style.PLAIN


def _spread(histogram: Histogram, *percents: int) -> tuple[Cell, ...]:
    """The mean and some percentiles."""
    values = (histogram.mean, *map(histogram.percentile, percents))
    return tuple(Cell(duration(value)) for value in values)


def _mean_and_95(histogram: Histogram) -> tuple[str, str]:
    return duration(histogram.mean), duration(histogram.percentile(95))


def _parts(path: Path) -> tuple[Cell, ...]:
    """What a path's time consists of; the largest part stands out."""
    cpu, rest = path_weight(path, "cpu"), parked_on(path)
    times = (cpu, path.waiting.total, path.queued.total, rest)
    styles = (_largest(time, times, style) for time, style in zip(times, PART_STYLES, strict=True))
    used, waited, queued, parked = (percent(time, path.wall.total) for time in times)
    count = path.cpu.count
    return tuple(map(Cell, (asked(used, count), waited, queued, asked(parked, count)), styles))


def asked(value: str, count: int) -> str:
    """What is known from those flows that were asked for processor time, if from enough."""
    if not count:
        return "-"
    return f"{UNSURE}{value}" if count < FEW else value


PART_STYLES = (Style.ERROR, Style.WARNING, Style.WARNING, Style.OTHER)


def _largest(time: float, times: Sequence[float], style: Style) -> Style:
    return style if time and time == max(times) else Style.PLAIN

"""Reports as tables: settings beside each other, changes, a prediction beside its profile."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from textwrap import wrap

from flux.profile.table import NARROWEST, Cell, Row, Table
from flux.render.characters import clean
from flux.render.paint import Paint, Style
from flux.simulation.prediction.alternatives import Gain
from flux.simulation.prediction.bottleneck import bottleneck
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.objectives import Objective
from flux.simulation.prediction.replay import Replay
from flux.simulation.prediction.replications import Prediction
from flux.simulation.prediction.reports.comparisons import comparisons
from flux.simulation.prediction.reports.contents import (
    COLUMNS,
    Ranked,
    Report,
    Sized,
    Sweep,
    setting_of,
    varied,
)
from flux.simulation.prediction.reports.views import flows, views
from flux.simulation.prediction.reports.words import part, part_within, rate, time, time_within
from flux.simulation.prediction.sweeps import Point

HOLDS = {
    "yes": Cell("yes", Style.HELP),
    "no": Cell("no", Style.ERROR),
    "perhaps": Cell("perhaps", Style.WARNING),
}


def tables(report: Report) -> Iterator[Table]:
    """All tables of a report."""
    match report:
        case Sweep(points=[point]):
            yield from views(point.prediction)
        case Sweep():
            yield _points("Settings", report.points, report.objective)
        case Sized(size=size, tried=tried):
            if size.chosen:
                yield flows(size.chosen.prediction)
            yield _points("Tried", tried, size.objective)
        case Ranked(kind=kind, ranking=ranking):
            yield _ranked(report)
            for gain in ranking.gains if kind == "what-if" else ():
                for table in views(gain.outcome.usual):
                    yield replace(table, title=f"{table.title}, after the change")
        case Replay():
            yield from comparisons(report)


def _points(title: str, points: Sequence[Point], objective: Objective | None) -> Table:
    """Settings, each in a row, with the columns that differ."""
    keys = varied([point.prediction for point in points])
    tail = objective.name if objective and objective.name != "mean" else "p95"
    holds = ("holds",) if objective else ()
    headings = (*(COLUMNS[key] for key in keys), "mean", tail, *holds, "bottleneck")
    rows = tuple(_point(point.prediction, keys, tail, objective) for point in points)
    return Table(title, headings, rows)


def _point(
    prediction: Prediction, keys: Sequence[str], tail: str, objective: Objective | None
) -> Row:
    setting = setting_of(prediction.model)
    cells = [Cell(_shown(setting[key])) for key in keys]
    if prediction.is_saturated:
        cells += [Cell("saturated", Style.ERROR), Cell("-")]
    else:
        cells += [Cell(time_within(prediction.latency(name))) for name in ("mean", tail)]
    if objective:
        cells.append(HOLDS[objective.holds(prediction)])
    return Row(tuple(cells), Cell(_busiest(prediction)))


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:,.12g}"


def _busiest(prediction: Prediction) -> str:
    if prediction.is_saturated:
        limit = prediction.limit
        return f"{limit.resource.name}: {rate(limit.rate)} at most" if limit else "-"
    worst = bottleneck(prediction)
    return f"{worst.resource.name} {part(worst.part.value)}" if worst else "-"


def _ranked(report: Ranked) -> Table:
    """Changes, and what each gains."""
    before = report.ranking.before
    rows = [_gain(gain) for gain in report.ranking.gains]
    now = (Cell(_mean(before.usual)), Cell(""), Cell(_largest(before.most)), Cell(""))
    rows.append(Row(now, Cell("(as it is)", Style.QUIET)))
    headings = ("mean", "shorter by", "carries at most", "more by", "change")
    return Table(report.title, headings, tuple(rows))


def _gain(gain: Gain) -> Row:
    style = Style.QUIET if gain.may_be_chance else Style.PLAIN
    texts = (
        _mean(gain.outcome.usual),
        _part(gain.latency),
        _largest(gain.outcome.most),
        _part(gain.throughput),
    )
    mark = "~" if gain.may_be_chance else ""
    return Row(tuple(Cell(text, style) for text in texts), Cell(f"{mark}{gain.alternative.name}"))


def _part(found: Estimate | None) -> str:
    return "-" if found is None else part_within(found)


def edits(report: Ranked, width: int, paint: Paint) -> Iterator[str]:
    """What changes would take in the program's text, and what the tilde means."""
    for gain in report.ranking.gains:
        if gain.alternative.edit:
            yield paint(clean(gain.alternative.name), Style.BOLD)
            yield from (f"  {clean(line)}" for line in gain.alternative.edit.splitlines())
    if any(gain.may_be_chance for gain in report.ranking.gains):
        text = "~ may be chance: both intervals hold 0"
        yield from (paint(line, Style.QUIET) for line in wrap(text, max(width, NARROWEST)))


def _mean(prediction: Prediction) -> str:
    return "saturated" if prediction.is_saturated else time(prediction.latency("mean").value)


def _largest(prediction: Prediction) -> str:
    return "-" if prediction.is_saturated else rate(prediction.estimates["throughput",].value)

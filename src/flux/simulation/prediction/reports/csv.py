"""Reports as CSV: a line for each setting, change or comparison; times in seconds."""

import csv
from collections.abc import Iterator
from io import StringIO
from math import isfinite

from flux.simulation.prediction.alternatives import Gain
from flux.simulation.prediction.bottleneck import bottleneck
from flux.simulation.prediction.compared import Row
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.measures import LATENCIES
from flux.simulation.prediction.objectives import Objective
from flux.simulation.prediction.replay import Replay
from flux.simulation.prediction.replications import Prediction
from flux.simulation.prediction.reports.contents import (
    COLUMNS,
    Ranked,
    Report,
    Sized,
    Sweep,
    setting_of,
)

Value = str | float | None
Line = dict[str, Value]

FORMULA = ("=", "+", "-", "@")


def as_csv(report: Report) -> str:
    """The lines, the first of which names the columns."""
    lines = list(_lines(report))
    text = StringIO()
    if lines:
        writer = csv.DictWriter(text, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: _written(value) for key, value in line.items()} for line in lines)
    return text.getvalue()


def _lines(report: Report) -> Iterator[Line]:
    match report:
        case Sweep(points=points, objective=objective):
            yield from (_setting(point.prediction, objective) for point in points)
        case Sized(size=size, tried=tried):
            yield from (_setting(point.prediction, size.objective) for point in tried)
        case Ranked(ranking=ranking, objective=objective):
            yield from (_change(gain, objective) for gain in ranking.gains)
        case Replay(rows=rows):
            yield from (_compared(row) for row in rows)


def _setting(prediction: Prediction, objective: Objective | None) -> Line:
    setting = setting_of(prediction.model)
    line: Line = {key: setting[key] for key in COLUMNS}
    line["saturated"] = "yes" if prediction.is_saturated else "no"
    line |= _ends("throughput", prediction.estimates.get(("throughput",)))
    for name in LATENCIES:
        line |= _ends(name, prediction.estimates.get(("latency", name)))
    worst = bottleneck(prediction)
    line["bottleneck"] = worst.resource.name if worst else None
    line["in_use"] = worst.part.value if worst else None
    if objective is not None:
        line["holds"] = objective.holds(prediction)
    return line


def _change(gain: Gain, objective: Objective | None) -> Line:
    line: Line = {"change": gain.alternative.name}
    line |= _ends("mean_shorter_by", gain.latency)
    line |= _ends("carries_more_by", gain.throughput)
    line["may_be_chance"] = "yes" if gain.may_be_chance else "no"
    if objective is not None:
        line["holds"] = objective.holds(gain.outcome.usual)
    return line


def _compared(row: Row) -> Line:
    line: Line = {"about": row.about, "name": row.name, "measured": row.measured}
    line |= _ends("predicted", row.predicted)
    return line | {"off": row.off, "allowed": row.allowed, "missed": "yes" if row.is_miss else "no"}


def _ends(name: str, found: Estimate | None) -> Line:
    """A value and its interval, in columns of their own."""
    if found is None:
        return {name: None, f"{name}_low": None, f"{name}_high": None}
    return {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}


def _written(value: Value) -> str:
    """A field; names that a spreadsheet would take for formulas are not."""
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return f"{value:.9g}"

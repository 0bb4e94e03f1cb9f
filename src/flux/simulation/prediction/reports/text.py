"""Reports as a person reads them: what was simulated, the answer, tables, warnings."""

from collections.abc import Iterator, Sequence
from textwrap import wrap

from flux.profile.table import NARROWEST, laid_out
from flux.profile.units import number
from flux.render.characters import clean
from flux.render.paint import Paint, Style
from flux.simulation.model import Closed, Machine, Model
from flux.simulation.prediction.caveats import caveats
from flux.simulation.prediction.replay import Replay
from flux.simulation.prediction.replications import Prediction
from flux.simulation.prediction.reports.answers import answer
from flux.simulation.prediction.reports.contents import (
    COLUMNS,
    Ranked,
    Report,
    Sized,
    Sweep,
    setting_of,
    varied,
)
from flux.simulation.prediction.reports.tables import edits, tables
from flux.simulation.prediction.reports.words import counted, rate

DISCIPLINES = {
    "hold": "flows run until they wait",
    "fifo": "flows queue before each node",
    "ps": "flows share processors",
}


def as_text(report: Report, width: int, paint: Paint) -> str:
    """The whole report."""
    parts = [list(part) for part in _parts(report, width, paint)]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _parts(report: Report, width: int, paint: Paint) -> Iterator[Iterator[str]]:
    first = _first(report)
    if first is None:
        yield iter(["Nothing was simulated."])
        return
    yield _header(first, report, width, paint)
    yield _wrapped(answer(report), width)
    for table in tables(report):
        yield laid_out(table, width, paint)
    yield _notes(report, width, paint)


def _first(report: Report) -> Prediction | None:
    return next(iter(_predictions(report)), None)


def _predictions(report: Report) -> list[Prediction]:
    """Those whose warnings matter, the one that says what was simulated first."""
    match report:
        case Sweep(points=points):
            return [point.prediction for point in points]
        case Sized(size=size, tried=tried):
            chosen = size.chosen or next(iter(tried), None)
            return [chosen.prediction] if chosen else []
        case Ranked(ranking=ranking):
            return [ranking.before.usual]
        case Replay(prediction=prediction):
            return [prediction]


def _header(first: Prediction, report: Report, width: int, paint: Paint) -> Iterator[str]:
    """Which program on which machine, and how it was simulated."""
    yield paint(clean(f"{first.model.program}, predicted"), Style.BOLD)
    differing = varied(_predictions(report))
    yield from _wrapped("; ".join(_described(first.model, differing)), width)
    effort = first.effort
    runs = f"{number(effort.runs)} runs of {number(effort.flows)} flows, seed {effort.seed}"
    warmup = f", after {number(first.warmup)} that don't count" if first.warmup else ""
    yield from _wrapped(f"{runs}{'' if differing else warmup}; in brackets: 95% intervals", width)


def _described(model: Model, differing: Sequence[str]) -> Iterator[str]:
    """The setting, but for what differs from row to row."""
    yield ", ".join(_carriers(model.machine, differing))
    if arrivals := ", ".join(_arrivals(model, differing)):
        yield arrivals


def _carriers(machine: Machine, differing: Sequence[str]) -> Iterator[str]:
    if "cpus" not in differing:
        yield counted(machine.processors, "loop" if machine.loops else "processor")
    if machine.threads is not None and "threads" not in differing:
        yield f"a pool of {counted(machine.threads, 'thread')}"
    if machine.max_flows is not None and "max_flows" not in differing:
        yield f"at most {counted(machine.max_flows, 'flow')}"
    yield DISCIPLINES[machine.discipline]


def _arrivals(model: Model, differing: Sequence[str]) -> Iterator[str]:
    total = setting_of(model)["rate"]
    if total is not None and "rate" not in differing:
        yield f"{rate(total)} come"
    for source in model.sources:
        if isinstance(source.arrivals, Closed):
            yield f"{counted(source.arrivals.clients, 'client')} of {source.name}"


def _notes(report: Report, width: int, paint: Paint) -> Iterator[str]:
    """The edits behind changes, what was left out, and the warnings of each kind once."""
    if isinstance(report, Ranked):
        yield from edits(report, width, paint)
    if isinstance(report, Sweep) and len(report.points) < report.wanted:
        left = report.wanted - len(report.points)
        yield paint(f"interrupted: {counted(left, 'setting')} left out", Style.WARNING)
    for where in _warnings(_predictions(report)).values():
        more = f" (and {len(where) - 1:,} more such)" if len(where) > 1 else ""
        text = f"{where[0]}{more}"
        lines = wrap(clean(f"warning: {text}"), max(width, NARROWEST), subsequent_indent="  ")
        yield from (paint(line, Style.WARNING) for line in lines)


def _warnings(predictions: Sequence[Prediction]) -> dict[str, list[str]]:
    """Texts by kind, each with the setting that it is of, if several differ."""
    differing = varied(predictions)
    found: dict[str, list[str]] = {}
    for prediction in predictions:
        for caveat in caveats(prediction):
            place = "" if caveat.kind == "measured" else _place(prediction, differing)
            texts = found.setdefault(caveat.kind, [])
            if (text := f"{place}{caveat.text}") not in texts:
                texts.append(text)
    return found


def _place(prediction: Prediction, differing: Sequence[str]) -> str:
    """`cpus 1, rate 150: `."""
    setting = setting_of(prediction.model)
    named = (f"{COLUMNS[key]} {setting[key] or 0:g}" for key in differing)
    return "".join(f"{each}: " for each in [", ".join(named)] if each)


def _wrapped(text: str, width: int) -> Iterator[str]:
    yield from wrap(clean(text), max(width, NARROWEST))

"""The table of all points, and what it comes to."""

from collections.abc import Sequence
from itertools import chain

from measuring.tables import table

from flux.simulation.prediction.intervals import Estimate
from observing.judging import Verdict, inside, judged
from observing.observation import Observed
from observing.points import Compared, Predicted

HEAD = (
    *("server", "processors", "utilised", "throughput", "mean", "p95"),
    *("inside", "interval", "CPU", "predicted", "observed", "runs", "miss", "cause"),
)
UNKNOWN = "–"  # noqa: RUF001 - a dash in a table


def text(compared: Sequence[Compared]) -> str:
    """A sentence on the goals, and the table."""
    verdicts = [judged(each) for each in compared]
    rows = [_row(*pair) for pair in zip(compared, verdicts, strict=True)]
    return f"{_summary(compared, verdicts)}\n\n{LEGEND}\n\n{table(HEAD, rows)}"


LEGEND = (
    "`throughput`, `mean`, `p95` and `CPU` (of a flow) are what was predicted over what was"
    " observed. `inside`: whether the mean that was observed is in the interval that was predicted,"
    " which reaches so far to either side (`interval`). `predicted` and `observed` are means in ms."
    " `runs`: how many count. Processors with an e are emulated."
)


def _summary(compared: Sequence[Compared], verdicts: Sequence[Verdict]) -> str:
    points, missed = len(verdicts), sum(bool(each.misses) for each in verdicts)
    named = list(chain.from_iterable(each.misses for each in verdicts))
    counts = ", ".join(f"{name} {named.count(name)}" for name in dict.fromkeys(named))
    valid = [(each.observed, each.predicted) for each in compared]
    held = [inside(said.mean, seen.mean) for seen, said in valid if seen and said]
    share = sum(held) / len(held) if held else 0.0
    void = sum(run.void is not None for each in compared for run in each.point.runs)
    runs = sum(len(each.point.runs) for each in compared)
    return (
        f"Of {points} points {missed} are misses{f' ({counts})' if counts else ''}."
        f" {share:.0%} of the means that were observed are in the printed interval (goal: 90%)."
        f" Of {runs} runs {void} stayed void."
    )


def _row(compared: Compared, verdict: Verdict) -> list[str]:
    point, seen, said = compared.point, compared.observed, compared.predicted
    name = f"{point.cpus}{'e' if point.emulated else ''}"
    runs = f"{len(point.counted)} of {len(point.runs)}"
    figures = _figures(seen, said) if seen and said else [UNKNOWN] * 8
    head = [point.study, name, f"{point.utilisation:g}"]
    return [*head, *figures, runs, ", ".join(verdict.misses), verdict.cause]


def _figures(seen: Observed, said: Predicted) -> list[str]:
    """The ratios first."""
    ratios = [
        f"{said.throughput.value / seen.throughput:.3f}",
        f"{said.mean.value / seen.mean:.3f}",
        f"{said.p95.value / seen.p95:.3f}",
    ]
    width = f"±{said.mean.spread:.1%}"
    cpu = f"{said.cpu / seen.cpu:.3f}" if said.cpu else UNKNOWN
    held = "yes" if inside(said.mean, seen.mean) else "no"
    return [*ratios, held, width, cpu, _interval(said.mean), f"{1e3 * seen.mean:.3g}"]


def _interval(said: Estimate) -> str:
    return f"{1e3 * said.value:.3g} ({1e3 * said.low:.3g} to {1e3 * said.high:.3g})"

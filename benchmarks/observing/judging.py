"""Whether a prediction was right, and if not, why: the goals, misses, and their causes."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import fmean

from flux.simulation.prediction.intervals import Estimate
from observing.observation import Observed
from observing.points import Compared, Point, Predicted

THROUGHPUT = 0.05
MEAN = {True: 0.05, False: 0.15}
"""How far off it may be, up to LIGHT and beyond; so of the others."""
P95 = {True: 0.1, False: 0.2}
WIDTH = {True: 0.1, False: 0.25}
UNKNOWN = "neither the demand for CPU nor what others used"
_MOST_OF_IT = 0.5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is missed at a point, if anything, and why."""

    misses: tuple[str, ...]
    cause: str = ""


def judged(compared: Compared) -> Verdict:
    """What the goals say of a prediction."""
    seen, said = compared.observed, compared.predicted
    if seen is None:
        return Verdict(("void",), compared.point.runs[0].void or "")
    if said is None:
        return Verdict(("saturated",), "flows come faster than the model's can end")
    misses = tuple(_misses(compared.point.is_light, seen, said))
    return Verdict(misses, _cause(compared.point, seen, said) if misses else "")


def inside(said: Estimate, seen: float) -> bool:
    """Whether an interval holds what was observed."""
    return said.low <= seen <= said.high


def _misses(light: bool, seen: Observed, said: Predicted) -> Iterator[str]:  # noqa: FBT001 - one of two rows
    if abs(said.throughput.value / seen.throughput - 1) > THROUGHPUT:
        yield "throughput"
    if abs(said.mean.value / seen.mean - 1) > MEAN[light]:
        yield "mean"
    if abs(said.p95.value / seen.p95 - 1) > P95[light]:
        yield "p95"
    if said.mean.spread > WIDTH[light]:
        yield "too wide"
    if not inside(said.mean, seen.mean):
        yield "outside"


def _cause(point: Point, seen: Observed, said: Predicted) -> str:
    """What accounts for most of a miss: another demand than when calibrated, others, or neither.

    Around a utilisation, a demand that is off by x makes latencies be off by about x/(1 - rho); so
    does a part x of the processors that others took.
    """
    off = said.mean.value / seen.mean - 1
    if said.mean.spread > WIDTH[point.is_light] and abs(off) <= MEAN[point.is_light]:
        return "the profile is too short"
    demand = said.cpu / seen.cpu - 1 if seen.cpu and said.cpu else 0.0
    used = 0.0 if point.emulated else fmean(run.conditions.others for run in point.counted)
    parts = {
        f"flows used {abs(demand):.1%} {'less' if demand > 0 else 'more'} CPU than when"
        " calibrated": demand,
        f"others used {used:.1%} of a processor": -used / point.cpus,
    }
    explained = {text: part / (1 - point.utilisation) for text, part in parts.items()}
    for text, part in explained.items():
        if _is_most(part, off):
            return text
    return ", and ".join(parts) if _is_most(sum(explained.values()), off) else UNKNOWN


def _is_most(part: float, off: float) -> bool:
    return part * off > 0 and abs(part) > _MOST_OF_IT * abs(off)

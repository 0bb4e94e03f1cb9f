"""Whether a prediction was right, and if not, why: the goals, misses, and their causes."""

from collections.abc import Iterator
from dataclasses import dataclass

from flux.simulation.prediction.intervals import Estimate
from observing.observation import Observed
from observing.points import Compared, Predicted

THROUGHPUT = 0.05
MEAN = {True: 0.05, False: 0.15}
"""How far off it may be, up to LIGHT and beyond; so of the others."""
P95 = {True: 0.1, False: 0.2}
WIDTH = {True: 0.1, False: 0.25}
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
    return Verdict(misses, _cause(compared.point.utilisation, seen, said) if misses else "")


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


def _cause(utilisation: float, seen: Observed, said: Predicted) -> str:
    """What accounts for most of a miss: another demand than when calibrated, or something else.

    Around a utilisation, a demand that is off by x makes latencies be off by about x/(1 - rho).
    """
    off = said.mean.value / seen.mean - 1
    demand = said.cpu / seen.cpu - 1 if seen.cpu and said.cpu else 0.0
    explained = demand / (1 - utilisation)
    if said.mean.spread > WIDTH[utilisation < 0.8] and abs(off) <= MEAN[utilisation < 0.8]:
        return "the profile is too short"
    if explained * off > 0 and abs(explained) > _MOST_OF_IT * abs(off):
        more = "less" if demand > 0 else "more"
        return f"flows used {abs(demand):.1%} {more} CPU than when calibrated"
    return "not the demand for CPU"

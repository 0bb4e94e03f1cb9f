"""Why a prediction may be worth less than it looks, in sentences that say what helps."""

from collections.abc import Iterator
from math import isfinite
from typing import NamedTuple

from flux.profile.units import number, percent
from flux.simulation.prediction.bottleneck import named, uses, verb
from flux.simulation.prediction.replications import Prediction, load
from flux.simulation.prediction.steady import relaxation

BUSY = 0.9
LIGHT = 0.7
WIDE = 0.25
WIDE_IF_LIGHT = 0.1
"""An interval is wide beyond so much of the mean; a lighter load allows a narrower one."""

TAIL = 10
"""So many flows of a run must be beyond its p99 for that to mean something."""


class Caveat(NamedTuple):
    """A warning, and a word for its kind."""

    kind: str
    text: str


def caveats(prediction: Prediction) -> Iterator[Caveat]:
    """All of them, the gravest first."""
    if not prediction.is_saturated:
        kinds = {
            "saturated": _saturated,
            "busy": _busy,
            "unsteady": _unsteady,
            "short": _short,
            "few": _few,
        }
        for kind, found in kinds.items():
            yield from (Caveat(kind, text) for text in found(prediction))
    yield from (Caveat("measured", text) for text in prediction.doubts)


def _saturated(prediction: Prediction) -> Iterator[str]:
    if prediction.saturated:
        yield (
            f"in {prediction.saturated} of {prediction.effort.runs} runs flows came faster than"
            " they could end, for parameters within what was measured: no latency has an upper"
            " bound"
        )


def _busy(prediction: Prediction) -> Iterator[str]:
    for use in uses(prediction):
        if use.part.value > BUSY and use.resource.kind in {"processors", "gil", "constraint"}:
            factor = number(1 / max(1 - use.part.value, 0.001))
            yield (
                f"{named(use.resource)} {verb(use.resource)} in use"
                f" {percent(use.part.value, 1)} of the time:"
                f" there an error of 1% in the parameters makes one of some {factor}% in latencies"
            )


def _unsteady(prediction: Prediction) -> Iterator[str]:
    if prediction.trend > 0:
        yield (
            f"latencies grow by {percent(prediction.trend, 1)} during a run: it is close to"
            " saturation, or too short (--flows)"
        )
    elif prediction.trend < 0:
        yield (
            f"latencies fall by {percent(-prediction.trend, 1)} during a run: it is too short to"
            " settle (--flows)"
        )


def _short(prediction: Prediction) -> Iterator[str]:
    needed = relaxation(load(prediction.model, prediction.limit))
    if needed > prediction.effort.flows / 2:
        yield (
            f"at this load a run takes some {number(float(f'{needed:.1g}'))} flows to forget that"
            " it began empty, so latencies are too small: more --flows help"
        )


def _few(prediction: Prediction) -> Iterator[str]:
    mean = prediction.latency("mean")
    if isfinite(mean.spread) and mean.spread > _widest(prediction):
        yield (
            f"the mean latency is known within {percent(mean.spread, 1)} only: more --runs or more"
            " --flows narrow that, unless it is the measurement's"
        )
    if prediction.effort.flows < TAIL * 100:
        yield f"p99 needs at least {number(TAIL * 100)} flows a run (--flows)"


def _widest(prediction: Prediction) -> float:
    busiest = max((use.part.value for use in uses(prediction)), default=0.0)
    return WIDE_IF_LIGHT if busiest <= LIGHT else WIDE

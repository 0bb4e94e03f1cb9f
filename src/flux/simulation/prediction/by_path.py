"""Each path of a recorded run beside the same path of the run that is simulated.

A path is judged if a hundredth of all flows took it, and flows enough for ten of them to be beyond
its p95. Even then a few hundred latencies leave its mean and p95 open by some percent: a mean has a
standard error, and the quantile of n values lies between those whose ranks are so many standard
deviations, of sqrt(n p (1 - p)) each, away from n p. What is within that isn't held against the
model. Flows in a queue aren't independent of each other, so all of this is a little too narrow.
Where only a share of the flows was timed, it is these that there have to be enough of.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import sqrt

from flux.profile.histogram import Histogram
from flux.profile.model import Path, Profile
from flux.simulation.model import Route
from flux.simulation.prediction.compared import Row
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.measures import LATENCIES, QUANTILES
from flux.simulation.prediction.quantiles import NANOSECOND, mean, quantile
from flux.simulation.prediction.replications import Prediction
from flux.simulation.result import Latencies

ALLOWED = {"mean": (0.1, 0.2), "p95": (0.2, 0.3)}
"""How far off a path may be, while nothing is busy and else."""

LEAST_PART = 0.01
LEAST_FLOWS = 200

BEYOND_CHANCE = 2.576
"""Of a normal value, 99 % are nearer to 0: several paths are judged at once."""

Known = tuple[str, Route, Path]
"""A source, one of its routes, and the path that was measured."""


def known(prediction: Prediction, profile: Profile) -> list[Known]:
    """The paths that both have; failed turns and paths without a number are of no model."""
    measured = {(path.source, path.name): path for path in profile.paths if path.count}
    return [
        (source.name, route, measured[source.name, route.name])
        for source in prediction.model.sources
        for route in source.routes
        if (source.name, route.name) in measured
    ]


def path_rows(prediction: Prediction, profile: Profile, *, is_busy: bool) -> Iterator[Row]:
    """How many flows took each path, and how long."""
    found, share = known(prediction, profile), profile.share
    least = max(LEAST_FLOWS / share, LEAST_PART * sum(path.count for *_, path in found))
    for source, route, path in found:
        if profile.elapsed:
            flows = _flows(prediction, source, route.name, profile.elapsed * NANOSECOND)
            yield Row("flows of path", route.name, "number", path.count, flows)
        runs = (each.get((source, route.name)) for each in prediction.routes)
        taken = [each for each in runs if each is not None and each.count]
        allowed = ALLOWED if path.count >= least else {}
        for name in LATENCIES if taken else ():
            most = allowed[name][is_busy] if name in allowed else None
            said = prediction.said([_value(each, name) for each in taken])
            measured, chance = _measured(path.wall, share, name)
            yield Row(f"{name} of path", path.name, "time", measured, said, most, chance)


def _value(latencies: Latencies, name: str) -> float:
    part = QUANTILES.get(name)
    return mean(latencies) if part is None else quantile(latencies, part)


def _flows(prediction: Prediction, source: str, route: str, seconds: float) -> Estimate:
    keys = (("route", source, route), ("throughput",))
    samples: Sequence[Mapping[tuple[str, ...], float]] = prediction.samples
    return prediction.said(
        [seconds * each.get(keys[0], 0.0) * each.get(keys[1], 0.0) for each in samples]
    )


def _measured(wall: Histogram, share: float, name: str) -> tuple[float, tuple[float, float]]:
    """What was measured in a share of the flows, and between which bounds it would lie again."""
    part = QUANTILES.get(name)
    if part is None:
        half = BEYOND_CHANCE * wall.error / sqrt(share)
        ends = (wall.mean - half, wall.mean, wall.mean + half)
    else:
        half = BEYOND_CHANCE * sqrt(part * (1 - part) / (wall.count * share))
        parts = (max(part - half, 0.0), part, min(part + half, 1.0))
        low, middle, high = (wall.percentile(100 * each) for each in parts)
        ends = (low, middle, high)
    low, middle, high = (each * NANOSECOND for each in ends)
    return middle, (low, high)

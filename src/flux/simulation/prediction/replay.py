"""A prediction beside the profile on which it was calibrated: how far off is it?

What was measured is simulated as it was, so whoever doesn't find it again needn't believe what is
said of other machines. Latencies of all flows and of each path, processors, nodes and constraints
are compared. The model holds if all flows together, and each path with flows enough, are as near as
they should be.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flux.profile.histogram import together
from flux.profile.model import Constraint, Profile
from flux.simulation.prediction.bottleneck import uses
from flux.simulation.prediction.by_path import known, path_rows
from flux.simulation.prediction.caveats import LIGHT
from flux.simulation.prediction.compared import Row
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.measures import LATENCIES, QUANTILES
from flux.simulation.prediction.quantiles import NANOSECOND
from flux.simulation.prediction.replications import Prediction

ALLOWED = {"throughput": (0.05, 0.05), "mean": (0.05, 0.15), "p95": (0.1, 0.2)}
"""How far off all flows together may be, up to LIGHT and beyond."""

CALL = ("service", "waiting for a processor", "I/O")
ALL = "all flows"


@dataclass(frozen=True, slots=True)
class Replay:
    """All that can be compared."""

    prediction: Prediction
    rows: tuple[Row, ...]

    @property
    def agrees(self) -> bool:
        """Whether all that is judged is as near as it should be."""
        return bool(self.rows) and not misses(self)


def replayed(prediction: Prediction, profile: Profile) -> Replay:
    """The prediction beside the profile."""
    if prediction.is_saturated:
        return Replay(prediction, ())
    busiest = max((use.part.value for use in uses(prediction)), default=0.0)
    is_busy = busiest > LIGHT
    rows = (
        *_overall(prediction, profile, is_busy=is_busy),
        *path_rows(prediction, profile, is_busy=is_busy),
        *_nodes(prediction, profile),
        *_constraints(prediction, profile),
    )
    return Replay(prediction, tuple(rows))


def misses(replay: Replay) -> list[Row]:
    """What is further off than it should be."""
    return [row for row in replay.rows if row.is_miss]


def _overall(prediction: Prediction, profile: Profile, *, is_busy: bool) -> Iterator[Row]:
    walls = together(path.wall for *_, path in known(prediction, profile))
    estimates, allowed = prediction.estimates, {key: each[is_busy] for key, each in ALLOWED.items()}
    elapsed = profile.elapsed * NANOSECOND
    if elapsed:
        found, most = estimates["throughput",], allowed["throughput"]
        yield Row(ALL, "throughput", "rate", walls.count / elapsed, found, most)
    for name in LATENCIES:
        part = QUANTILES.get(name)
        measured = walls.mean if part is None else walls.percentile(100 * part)
        found = prediction.latency(name)
        yield Row(ALL, name, "time", measured * NANOSECOND, found, allowed.get(name))
    if profile.elapsed:
        count = prediction.model.machine.processors
        used = _times(estimates["use", "processors", "processors"], count)
        yield Row(ALL, "processors in use", "number", profile.cpu / profile.elapsed, used)


def _nodes(prediction: Prediction, profile: Profile) -> Iterator[Row]:
    """The time of calls, without what flows wait for before the first: they are queued then."""
    names = {function.name for function in prediction.model.functions}
    for node in profile.nodes:
        if node.kind != "opening" and node.wall.count and node.node in names:
            key = ("node", node.node)
            found = [
                sum(sample[*key, part] for part in CALL) - sample[*key, "waiting to begin"]
                for sample in prediction.samples
            ]
            measured = node.wall.mean * NANOSECOND
            yield Row("call of node", node.node, "time", measured, prediction.said(found))


def _constraints(prediction: Prediction, profile: Profile) -> Iterator[Row]:
    for constraint in prediction.model.constraints:
        modes = [each for each in profile.constraints if each.constraint == constraint.name]
        if any(each.acquired for each in modes):
            key = ("constraint", constraint.name, "waiting")
            measured, found = _waiting(modes), prediction.estimates[key]
            yield Row("waiting for constraint", constraint.name, "time", measured, found)


def _waiting(modes: list[Constraint]) -> float:
    """How long a taking has waited, on average, in whatever mode."""
    total = sum(each.waiting.total for each in modes)
    return total / sum(each.acquired for each in modes) * NANOSECOND


def _times(found: Estimate, factor: float) -> Estimate:
    return Estimate(found.value * factor, found.low * factor, found.high * factor)

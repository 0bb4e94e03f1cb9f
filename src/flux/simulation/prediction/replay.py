"""A prediction beside the profile on which it was calibrated: how far off is it?

What was measured is simulated as it was, so whoever doesn't find it again needn't believe what is
said of other machines. Latencies of all flows, processors, nodes and constraints are compared, and
of each path how many flows took it and the mean. The engines keep the latencies of all flows
together, so a path's mean is put together from what its steps take and wait for on average.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flux.profile.histogram import together
from flux.profile.model import Constraint, Profile
from flux.simulation.model import Give, Model, Route, Run, Step, Take
from flux.simulation.prediction.bottleneck import uses
from flux.simulation.prediction.caveats import LIGHT
from flux.simulation.prediction.intervals import Estimate, estimate
from flux.simulation.prediction.measures import Key
from flux.simulation.prediction.quantiles import NANOSECOND
from flux.simulation.prediction.replications import Prediction

ALLOWED = {"throughput": (0.05, 0.05), "mean": (0.05, 0.15), "p95": (0.1, 0.2)}
"""How far off a prediction may be, up to LIGHT and beyond."""

CALL = ("service", "waiting for a processor", "I/O")
AROUND = ("waiting for a thread", "waiting for a place", "other")

Unit = Literal["time", "rate", "number", "share"]


@dataclass(frozen=True, slots=True)
class Row:
    """A value as it was measured and as it is predicted; times are in seconds."""

    about: str
    name: str
    unit: Unit
    measured: float
    predicted: Estimate

    @property
    def off(self) -> float | None:
        """By how much of what was measured the prediction is too large."""
        return self.predicted.value / self.measured - 1 if self.measured else None

    @property
    def is_within(self) -> bool:
        """Whether what was measured is in the interval of what is predicted."""
        return self.predicted.low <= self.measured <= self.predicted.high


@dataclass(frozen=True, slots=True)
class Replay:
    """All that can be compared."""

    prediction: Prediction
    rows: tuple[Row, ...]

    @property
    def agrees(self) -> bool:
        """Whether throughput, mean and p95 are as near as they should be."""
        return bool(self.rows) and not list(misses(self))


def replayed(prediction: Prediction, profile: Profile) -> Replay:
    """The prediction beside the profile."""
    if prediction.is_saturated:
        return Replay(prediction, ())
    rows = (
        *_overall(prediction, profile),
        *_paths(prediction, profile),
        *_nodes(prediction, profile),
        *_constraints(prediction, profile),
    )
    return Replay(prediction, tuple(rows))


def verdict(replay: Replay) -> str:
    """How far off it is, and whether that is near enough."""
    if not replay.rows:
        return (
            "Simulated as it was measured, flows come faster than they can end: what was"
            " calibrated is wrong, or the profile is of a server that was overloaded."
        )
    offs = ", ".join(_off(row) for row in _judged(replay))
    if replay.agrees:
        return f"The prediction agrees with what was measured: {offs}."
    if all(row.is_within for row in misses(replay)):
        return (
            f"The prediction is too unsure to be compared with what was measured: {offs}, all"
            " within their intervals. Profile for longer, or give more --runs and --flows."
        )
    return (
        f"The prediction doesn't agree with what was measured: {offs}. Don't trust it for other"
        " settings: profile for longer and at a lower load, with nothing else on the machine."
    )


def misses(replay: Replay) -> Iterator[Row]:
    """What is further off than it should be."""
    busiest = max((use.part.value for use in uses(replay.prediction)), default=0.0)
    for row in _judged(replay):
        off = row.off
        if off is not None and abs(off) > ALLOWED[row.name][busiest > LIGHT]:
            yield row


def _judged(replay: Replay) -> list[Row]:
    return [row for row in replay.rows if row.about == "all flows" and row.name in ALLOWED]


def _off(row: Row) -> str:
    return f"{row.name} {100 * (row.off or 0.0):+.1f}%"


def _overall(prediction: Prediction, profile: Profile) -> Iterator[Row]:
    walls = together(path.wall for path in profile.paths)
    estimates, about = prediction.estimates, "all flows"
    elapsed = profile.elapsed * NANOSECOND
    if elapsed:
        throughput = walls.count / elapsed
        yield Row(about, "throughput", "rate", throughput, estimates["throughput",])
    yield Row(about, "mean", "time", walls.mean * NANOSECOND, prediction.latency("mean"))
    for name, part in (("p50", 50), ("p95", 95), ("p99", 99)):
        measured = walls.percentile(part) * NANOSECOND
        yield Row(about, name, "time", measured, prediction.latency(name))
    if profile.elapsed:
        count = prediction.model.machine.processors
        used = _times(estimates["use", "processors", "processors"], count)
        yield Row(about, "processors in use", "number", profile.cpu / profile.elapsed, used)


def _paths(prediction: Prediction, profile: Profile) -> Iterator[Row]:
    whole = sum(path.count for path in profile.paths)
    measured = {(path.source, path.name): path for path in profile.paths}
    for source in prediction.model.sources:
        for route in source.routes:
            path = measured.get((source.name, route.name))
            if path is None or not path.count:
                continue
            share = prediction.estimates["route", source.name, route.name]
            yield Row("share of path", route.name, "share", path.count / whole, share)
            mean = _composed(prediction, route)
            yield Row("mean of path", route.name, "time", path.wall.mean * NANOSECOND, mean)


def _composed(prediction: Prediction, route: Route) -> Estimate:
    """What a route's steps take and wait for, added up run by run."""
    keys: list[Key] = [("flow", part) for part in AROUND]
    keys += [key for step in route.steps for key in _costs(prediction.model, step)]
    return estimate([sum(sample[key] for key in keys) for sample in prediction.samples])


def _costs(model: Model, step: Step) -> Iterator[Key]:
    match step:
        case Run(function=place):
            yield from (("node", model.functions[place].name, part) for part in CALL)
        case Take(constraint=place):
            yield "constraint", model.constraints[place].name, "waiting"
        case Give():
            pass


def _nodes(prediction: Prediction, profile: Profile) -> Iterator[Row]:
    names = {function.name for function in prediction.model.functions}
    for node in profile.nodes:
        if node.kind != "opening" and node.wall.count and node.node in names:
            keys = [("node", node.node, part) for part in CALL]
            found = [sum(sample[key] for key in keys) for sample in prediction.samples]
            yield Row(
                "call of node", node.node, "time", node.wall.mean * NANOSECOND, estimate(found)
            )


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

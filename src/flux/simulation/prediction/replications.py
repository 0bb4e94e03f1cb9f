"""A prediction: a model is run many times, and what the runs agree on is told.

Each run has a seed of its own, derived from one, and where the parameters were measured, others
that could as well have been measured. What the measurement left open doesn't get less with more
runs; so there the interval is that of one more run, which is as long, and has such parameters, too.
The same seeds serve all settings, so that differences between settings are of the settings.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import starmap
from math import inf

from flux.simulation.model import Model
from flux.simulation.prediction.demands import Bound, bounds, offered
from flux.simulation.prediction.intervals import Estimate, bounded, estimate
from flux.simulation.prediction.measures import Figures, Key, figures
from flux.simulation.prediction.running import Job, Runner
from flux.simulation.prediction.steady import averaged, trend, warm_up
from flux.simulation.result import Latencies, Result

PILOTS = 3
SEED_BYTES = 6


@dataclass(frozen=True, slots=True)
class Effort:
    """How many runs of how many flows, and the seed from which theirs come."""

    runs: int = 20
    flows: int = 20_000
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Subject:
    """What is predicted: a model, and by seed those that its measurement allows as well.

    `doubts` say what of the measurement is on weak feet. `adapted` says what becomes of a model by
    the load that it has in the end, after all changes; by seed, as far as the measurement allows.
    """

    model: Model
    resampled: Callable[[int], Model] | None = None
    doubts: tuple[str, ...] = ()
    adapted: Callable[[Model, int | None], Model] = lambda model, _: model

    def changed(self, change: Callable[[Model], Model]) -> "Subject":
        """The same with each of its models changed."""
        resampled = self.resampled
        drawn = None if resampled is None else lambda seed: change(resampled(seed))
        return replace(self, model=change(self.model), resampled=drawn)

    @property
    def middle(self) -> Model:
        """The model as it is measured, at its load."""
        return self.adapted(self.model, None)

    def variant(self, seed: int) -> Model:
        """The model of a run."""
        return self.adapted(self.resampled(seed) if self.resampled else self.model, seed)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What the runs of a model say; there are no `estimates` if all were saturated.

    `limit` is the resource that bounds the rate of flows. `samples` are what each run said, for
    comparing two predictions run by run; `saturated` is how many runs came to no end. `routes` are
    the latencies of each run by the names of source and route, if they were asked for. Intervals
    are those of the mean of so many `others`, one where parameters were measured, as one run was;
    else of that of very many.
    """

    model: Model
    effort: Effort
    warmup: int
    limit: Bound | None
    estimates: Mapping[Key, Estimate]
    samples: tuple[Figures, ...]
    saturated: int = 0
    trend: float = 0.0
    doubts: tuple[str, ...] = ()
    routes: tuple[Mapping[tuple[str, str], Latencies], ...] = ()
    others: int | None = None

    @property
    def is_saturated(self) -> bool:
        """Whether flows come faster than they can end, as far as any run could tell."""
        return not self.samples

    def latency(self, name: str) -> Estimate:
        """The `mean`, or a quantile as `p95`."""
        return self.estimates["latency", name]

    def said(self, values: Sequence[float]) -> Estimate:
        """What the runs say of a number that isn't among the estimates."""
        return estimate(values, self.others)


def predicted(
    subject: Subject, run: Runner, effort: Effort, *, by_route: bool = False
) -> Prediction:
    """What a model does, and each of its routes by itself if that is asked for."""
    middle = subject.middle
    limit = next(iter(bounds(middle)), None)
    if _is_beyond(middle, limit):
        return Prediction(middle, effort, 0, limit, {}, (), effort.runs)
    pilots = _run(Subject(middle), run, effort, 0, range(-min(PILOTS, effort.runs), 0))
    if not pilots:
        return Prediction(middle, effort, 0, limit, {}, (), effort.runs)
    parts = averaged([each.batches for _, each in pilots])
    warmup = warm_up(parts, effort.flows, load(middle, limit))
    results = _run(subject, run, effort, warmup, range(effort.runs))
    found = _concluded(subject, effort, warmup, limit, results)
    return replace(found, routes=tuple(starmap(_by_route, results))) if by_route else found


def load(model: Model, limit: Bound | None) -> float:
    """Which part of what the tightest resource carries comes; 0 if that isn't known."""
    rate = offered(model)
    return rate / limit.rate if limit and rate else 0.0


def seeds(seed: int, number: int) -> int:
    """The seed of a run, from that of all."""
    digest = blake2b(f"{seed}/{number}".encode(), digest_size=SEED_BYTES).digest()
    return int.from_bytes(digest)


def _is_beyond(model: Model, limit: Bound | None) -> bool:
    """Whether more flows come than the tightest resource carries, and none is turned away."""
    rate = offered(model)
    return bool(limit and rate and rate >= limit.rate and not model.machine.drops)


def _run(
    subject: Subject, run: Runner, effort: Effort, warmup: int, numbers: Sequence[int]
) -> list[tuple[Model, Result]]:
    """The runs that came to an end, each with its model."""
    chosen = [seeds(effort.seed, number) for number in numbers]
    models = [subject.variant(seed) for seed in chosen]
    jobs = [Job(*pair, effort.flows, warmup) for pair in zip(models, chosen, strict=True)]
    results = zip(models, run(jobs), strict=True)
    return [(model, result) for model, result in results if result is not None]


def _concluded(
    subject: Subject,
    effort: Effort,
    warmup: int,
    limit: Bound | None,
    results: Sequence[tuple[Model, Result]],
) -> Prediction:
    samples = tuple(figures(model, result) for model, result in results)
    lost, others = effort.runs - len(samples), 1 if subject.resampled else None
    return Prediction(
        model=subject.middle,
        effort=effort,
        warmup=warmup,
        limit=limit,
        estimates=_estimates(samples, lost, others) if samples else {},
        samples=samples,
        saturated=lost,
        trend=trend(averaged([result.batches for _, result in results])) if results else 0.0,
        doubts=subject.doubts,
        others=others,
    )


def _by_route(model: Model, result: Result) -> dict[tuple[str, str], Latencies]:
    return {
        (source.name, route.name): latencies
        for source, found in zip(model.sources, result.routes, strict=True)
        for route, latencies in zip(source.routes, found, strict=True)
    }


def _estimates(samples: Sequence[Figures], lost: int, others: int | None) -> dict[Key, Estimate]:
    """What runs say of each number; where some never ended, a latency has no upper end.

    Intervals are those of the mean, or of that of so many other runs.
    """
    found = {}
    for key in samples[0]:
        most = 1.0 if key[0] in {"use", "dropped", "route"} else inf
        said = estimate([each.get(key, 0.0) for each in samples], others)
        found[key] = bounded(said, 0.0, most)
        if lost and key[0] == "latency":
            found[key] = Estimate(found[key].value, found[key].low, inf)
    return found

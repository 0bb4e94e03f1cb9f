"""What would help most: changes of a program, ranked by what they gain.

Each change is simulated with the same seeds as the program itself, so that runs can be compared in
pairs and chance that both share falls away. Besides the latency at the given rate counts how much
the program can carry at most, which is what ends in a second if there are always flows enough.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from flux.simulation.arithmetic import scaled
from flux.simulation.model import Model
from flux.simulation.prediction.demands import Resource, needs
from flux.simulation.prediction.intervals import Estimate, estimate
from flux.simulation.prediction.measures import Key
from flux.simulation.prediction.replications import Effort, Prediction, Subject, predicted
from flux.simulation.prediction.running import Runner
from flux.simulation.prediction.settings import crowded

MEAN: Key = ("latency", "mean")
MOST: Key = ("throughput",)


@dataclass(frozen=True, slots=True)
class Alternative:
    """A change, and what it would take: the edit of a program's text, if there is one."""

    name: str
    change: Callable[[Model], Model]
    edit: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a program does at its rate, and at most."""

    usual: Prediction
    most: Prediction


@dataclass(frozen=True, slots=True)
class Gain:
    """By how much of it the mean latency falls and the largest throughput grows.

    None is what can't be compared, for one of both is saturated.
    """

    alternative: Alternative
    latency: Estimate | None
    throughput: Estimate | None
    outcome: Outcome

    @property
    def may_be_chance(self) -> bool:
        """Whether neither of both is beyond chance."""
        known = [each for each in (self.latency, self.throughput) if each is not None]
        return all(each.low <= 0 <= each.high for each in known)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The program as it is, and the changes, those that gain most first."""

    before: Outcome
    gains: tuple[Gain, ...]


def ranking(
    subject: Subject,
    run: Runner,
    effort: Effort,
    alternatives: Iterable[Alternative],
    before: Outcome | None = None,
) -> Ranking:
    """What each of the changes gains by itself."""
    start = before or outcome(subject, run, effort)
    found = [gain(subject, run, effort, each, start) for each in alternatives]
    return Ranking(start, ordered(found))


def ordered(gains: Iterable[Gain]) -> tuple[Gain, ...]:
    """Those that gain most first; what may be chance comes last."""
    return tuple(sorted(gains, key=_weight, reverse=True))


def outcome(subject: Subject, run: Runner, effort: Effort) -> Outcome:
    """What a program does at its rate, and at most."""
    usual = predicted(subject, run, effort)
    return Outcome(usual, predicted(subject.changed(crowded), run, effort))


def gain(
    subject: Subject, run: Runner, effort: Effort, alternative: Alternative, before: Outcome
) -> Gain:
    """What a change gains."""
    after = outcome(subject.changed(alternative.change), run, effort)
    return Gain(
        alternative,
        _negative(_relative(before.usual, after.usual, MEAN)),
        _relative(before.most, after.most, MOST),
        after,
    )


def faster(model: Model, part: float) -> Iterator[Alternative]:
    """Each node that flows spend time in, faster by such a part of it."""
    spent = needs(model, Resource("threads", "all", 1))
    for place, function in enumerate(model.functions):
        if spent.get(place, 0.0) > 0:
            change = partial(_hastened, place=place, factor=1 - part)
            yield Alternative(function.name, change)


def _hastened(model: Model, *, place: int, factor: float) -> Model:
    """The model with one function's times so many times as long."""
    functions = list(model.functions)
    old = functions[place]
    functions[place] = replace(old, cpu=scaled(old.cpu, factor), io=scaled(old.io, factor))
    return replace(model, functions=tuple(functions))


def _relative(before: Prediction, after: Prediction, key: Key) -> Estimate | None:
    """How much larger it is afterwards, run by run, as a part of what it was."""
    if before.is_saturated or after.is_saturated or before.saturated or after.saturated:
        return None
    whole = before.estimates[key].value
    pairs = zip(before.samples, after.samples, strict=True)
    return estimate([(new[key] - old[key]) / whole for old, new in pairs]) if whole else None


def _negative(found: Estimate | None) -> Estimate | None:
    return None if found is None else Estimate(-found.value, -found.high, -found.low)


def _weight(each: Gain) -> tuple[bool, bool, float, float]:
    """What ends saturation is worth most."""
    saves = each.latency is None and not each.outcome.usual.is_saturated
    latency = each.latency.value if each.latency else 0.0
    throughput = each.throughput.value if each.throughput else 0.0
    return saves, not each.may_be_chance, latency, throughput

"""The fewest processors and the smallest pool with which an objective holds at a rate.

More of either never makes flows wait longer, so the least that suffices is found by halving. An
objective holds if the upper end of its interval does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from flux.profile.units import digits, percent
from flux.simulation.model import Model
from flux.simulation.prediction.bottleneck import SHORT, bottleneck, named
from flux.simulation.prediction.demands import Kind, bounds, offered
from flux.simulation.prediction.objectives import Objective
from flux.simulation.prediction.replications import Effort, Prediction, Subject, predicted
from flux.simulation.prediction.running import Runner
from flux.simulation.prediction.settings import Setting
from flux.simulation.prediction.sweeps import Point, under

MOST_PROCESSORS = 256
MOST_THREADS = 4096

Tried = Callable[[Point], None]
"""Told of each size that was simulated."""


@dataclass(frozen=True, slots=True)
class Size:
    """What suffices; `chosen` is None if nothing does, and `reason` says why.

    `threads` of its setting is None if there is no pool.
    """

    objective: Objective
    chosen: Point | None
    reason: str = ""


def sized(
    subject: Subject,
    run: Runner,
    effort: Effort,
    objective: Objective,
    tried: Tried = lambda _: None,
) -> Size:
    """The smallest machine; the model says at which rate."""
    has_pool = subject.model.machine.threads is not None
    roomy = MOST_THREADS if has_pool else None

    def trial(cpus: int, threads: int | None) -> Point:
        setting = Setting(cpus=cpus, threads=threads)
        point = Point(setting, predicted(under(subject, setting), run, effort))
        tried(point)
        return point

    def is_enough(point: Point) -> bool:
        return objective.holds(point.prediction) == "yes"

    largest = trial(MOST_PROCESSORS, roomy)
    if not is_enough(largest):
        return Size(objective, None, _reason(largest.prediction, objective))
    least = _least_for(under(subject, Setting(cpus=1)).middle, "processors")
    chosen = _smallest(lambda cpus: trial(cpus, roomy), is_enough, least, largest, MOST_PROCESSORS)
    cpus = chosen.setting.cpus or 1
    if has_pool:
        model = under(subject, Setting(cpus=cpus)).middle
        chosen = _smallest(
            lambda threads: trial(cpus, threads),
            is_enough,
            _least_for(model, "threads"),
            chosen,
            MOST_THREADS,
        )
    return Size(objective, chosen)


def _smallest(
    trial: Callable[[int], Point],
    is_enough: Callable[[Point], bool],
    least: int,
    enough: Point,
    most: int,
) -> Point:
    """The trial with the smallest number that suffices, where `most` is known to: `enough`.

    Doubling first, for small numbers are likelier, and simulate as fast as large ones.
    """
    low, high = least - 1, least
    while high < most:
        point = trial(high)
        if is_enough(point):
            most, enough = high, point
            break
        low, high = high, 2 * high
    while most - low > 1:
        middle = (low + most) // 2
        point = trial(middle)
        if is_enough(point):
            most, enough = middle, point
        else:
            low = middle
    return enough


def _least_for(model: Model, kind: Kind) -> int:
    """How many there must be for flows to end as fast as they come."""
    rate = offered(model) or 0.0
    found = (bound for bound in bounds(model) if bound.resource.kind == kind)
    demands = (bound.resource.count / bound.rate for bound in found)
    return max((ceil(rate * demand) for demand in demands), default=1) or 1


def _reason(prediction: Prediction, objective: Objective) -> str:
    """Why no machine suffices."""
    limit, worst = prediction.limit, bottleneck(prediction)
    if prediction.is_saturated and limit is not None:
        return f"{named(limit.resource)} carries at most {digits(limit.rate)} flows a second"
    if objective.holds(prediction) == "perhaps":
        return "the interval is too wide to tell: more --runs or --flows narrow it"
    if worst is not None and worst.part.value >= SHORT:
        part = percent(worst.part.value, 1)
        return f"flows wait for {named(worst.resource)}, in use {part} of the time"
    return "flows take that long even if they wait for nothing"

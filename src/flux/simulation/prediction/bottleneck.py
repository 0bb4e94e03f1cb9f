"""What holds flows up most, and what would relieve it, in a sentence.

That is the resource that is in use for most of the time. But who has a thread may only be waiting
for a constraint, and who has a constraint for a processor: such a resource is in use because
another one is. So one that is held while others are awaited must be busier than these by a
margin ("software bottlenecks", Neilson and others, 1995).
"""

from dataclasses import dataclass

from flux.profile.units import digits, percent
from flux.simulation.model import Model, Take
from flux.simulation.prediction.demands import Bound, Kind, Resource, needs, offered, resources
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.replications import Prediction

MARGIN = 1.05
SHORT = 0.5
"""What is in use for less of the time holds nobody up for long."""

_RELIEF: dict[Kind, str] = {
    "processors": "more of them would help, or less work in{nodes}",
    "gil": "more processors gain nothing, but less work in{nodes} does, or nodes in C++",
    "constraint": "more processors gain little; less time under it would help, in{nodes},"
    " or one that excludes fewer flows (--granularity)",
    "threads": "a larger pool would help (--threads), or less time in{nodes}",
    "places": "more of them would help (--max-flows), or less time in{nodes}",
}
_ONE: dict[Kind, str] = {
    "processors": "processor",
    "threads": "thread of the pool",
    "places": "place for flows",
}


@dataclass(frozen=True, slots=True)
class Use:
    """A resource, and for which part of the time it is in use."""

    resource: Resource
    part: Estimate


def uses(prediction: Prediction) -> list[Use]:
    """How much of each resource is in use."""
    estimates = prediction.estimates
    return [
        Use(each, estimates["use", each.kind, each.name])
        for each in resources(prediction.model)
        if ("use", each.kind, each.name) in estimates
    ]


def bottleneck(prediction: Prediction) -> Use | None:
    """What holds flows up most; None if nothing was simulated."""
    worst: Use | None = None
    for use in uses(prediction):
        if not _excludes(prediction.model, use.resource):
            continue
        if worst is None or use.part.value > worst.part.value * _margin(worst, use):
            worst = use
    return worst


def verdict(prediction: Prediction) -> str:
    """The bottleneck by name, and what would relieve it."""
    if prediction.is_saturated:
        return _beyond(prediction)
    worst = bottleneck(prediction)
    if worst is None:
        return "Nothing is shared by flows, so nothing holds them up."
    part = percent(worst.part.value, 1)
    if worst.part.value < SHORT:
        return f"Nothing is short: {_are(worst.resource)} the busiest, in use {part} of the time."
    sentence = f"{_are(worst.resource)} the bottleneck, in use {part} of the time"
    relief = _relief(prediction.model, worst.resource)
    return f"{sentence[:1].upper()}{sentence[1:]}: {relief}."


def named(resource: Resource) -> str:
    """A resource in a sentence."""
    if resource.kind == "constraint":
        return f"the constraint `{resource.name}`"
    if resource.count == 1 and resource.kind in _ONE:
        return f"the {_ONE[resource.kind]}"
    return resource.name if resource.kind == "gil" else f"the {resource.name}"


def _beyond(prediction: Prediction) -> str:
    """Why no steady state exists, and up to which rate it would."""
    limit, rate = prediction.limit, offered(prediction.model)
    if limit is None:
        return "Flows come faster than they can end: there is no steady state to predict."
    name, most = named(limit.resource), f"{digits(limit.rate)}/s"
    relief = _relief(prediction.model, limit.resource)
    if rate is not None and rate < limit.rate:
        return (
            f"Flows pile up, though {name} could carry {most} if nobody waited: that is too near,"
            f" or flows wait for each other; {relief}."
        )
    return (
        f"Flows come faster than they can end: {name} can carry at most {most}, and queues would"
        f" grow without end; {relief}."
    )


def limited(limit: Bound) -> str:
    """What can be carried at most, in a few words."""
    return f"at most {digits(limit.rate)}/s ({named(limit.resource)})"


def _margin(worst: Use, use: Use) -> float:
    """How much busier the later one must be: constraints don't stand within each other."""
    same = worst.resource.kind == use.resource.kind
    return 1.0 if same else MARGIN


def _are(resource: Resource) -> str:
    return f"{named(resource)} {verb(resource)}"


def verb(resource: Resource) -> str:
    """Whether there is one of it or are several."""
    return "is" if resource.kind == "constraint" or resource.count == 1 else "are"


def _excludes(model: Model, resource: Resource) -> bool:
    """Whether anybody has to wait for it: readers keep no reader out."""
    if resource.kind != "constraint":
        return True
    steps = (step for source in model.sources for each in source.routes for step in each.steps)
    takes = [step for step in steps if isinstance(step, Take) and step.mode == "writer"]
    return any(model.constraints[take.constraint].name == resource.name for take in takes)


def _relief(model: Model, resource: Resource) -> str:
    return _RELIEF[resource.kind].format(nodes=_nodes(model, resource))


def _nodes(model: Model, resource: Resource) -> str:
    """The node that needs most of it."""
    shares = needs(model, resource)
    whole = sum(shares.values())
    if not whole:
        return " nodes"
    most = max(shares, key=lambda place: shares[place])
    name, share = model.functions[most].name, percent(shares[most], whole)
    others = sum(shares.values()) > shares[most]
    return f" {name}, which has {share} of it" if others else f" {name}"

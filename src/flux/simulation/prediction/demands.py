"""What a flow needs of each resource, and so how many flows a second there can be at most.

These are the asymptotic bounds of operational analysis: with a demand of D seconds a flow for each
of m servers of a resource, nothing carries more than m / D flows a second. Waiting isn't in them,
so what a simulation carries is less, never more.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from flux.simulation.arithmetic import mean_time
from flux.simulation.arrivals import rate_of
from flux.simulation.model import Closed, Function, Give, Machine, Model, Route, Run, Source, Take

Kind = Literal["processors", "gil", "constraint", "threads", "places"]

_OUTSIDE: tuple[Kind, ...] = ("processors", "threads", "places")
"""What a flow needs outside of its functions, too."""


@dataclass(frozen=True, slots=True)
class Resource:
    """What flows share: of what kind, its name, and how many of it there are."""

    kind: Kind
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Bound:
    """A resource, and how many flows a second it can carry at most."""

    resource: Resource
    rate: float


def resources(model: Model) -> Iterator[Resource]:
    """All that flows may wait for, what is held while others are awaited last."""
    machine = model.machine
    yield Resource("processors", "processors", machine.processors)
    if machine.overhead_gil or any(function.gil for function in model.functions):
        yield Resource("gil", "Python's lock", 1)
    for constraint in model.constraints:
        count = model.sessions if constraint.scope == "session" else 1
        yield Resource("constraint", constraint.name, count)
    if machine.threads is not None:
        yield Resource("threads", "threads of the pool", machine.threads)
    if machine.max_flows is not None:
        yield Resource("places", "places for flows", machine.max_flows)


def bounds(model: Model) -> list[Bound]:
    """What each resource can carry, the tightest first; those that nobody needs aren't there."""
    needed = ((each, _demand(model, each)) for each in resources(model))
    found = [Bound(each, each.count / demand) for each, demand in needed if demand > 0]
    return sorted(found, key=lambda bound: bound.rate)


def offered(model: Model) -> float | None:
    """How many flows come in a second; None if a source waits for their ends."""
    rates = [rate_of(source.arrivals) for source in model.sources]
    known = [each for each in rates if each is not None]
    return sum(known) if len(known) == len(rates) else None


def processors_needed(model: Model) -> float:
    """Which part of all processor time flows need; all where clients wait for their flows."""
    rate = offered(model)
    if rate is None:
        return 1.0
    processors = Resource("processors", "processors", model.machine.processors)
    return rate * _demand(model, processors) / processors.count


def chances(model: Model) -> list[tuple[Route, float]]:
    """Each route, and how likely a flow of the program goes it."""
    shares = [_flows(model, source) for source in model.sources]
    whole = sum(shares) or 1.0
    return [
        (route, share / whole * route.weight / (sum(each.weight for each in source.routes) or 1.0))
        for source, share in zip(model.sources, shares, strict=True)
        for route in source.routes
    ]


def _flows(model: Model, source: Source) -> float:
    """About how many flows a source sends in a second, if nothing has to wait."""
    match source.arrivals:
        case Closed(clients=clients, think=think):
            weights = sum(route.weight for route in source.routes) or 1.0
            alone = sum(each.weight / weights * _alone(model, each) for each in source.routes)
            return clients / ((mean_time(think) + alone) or 1.0)
        case arrivals:
            return rate_of(arrivals) or 0.0


def _alone(model: Model, route: Route) -> float:
    """How long a flow takes on a route if it is alone."""
    times = _within(model, route, Resource("threads", "", 1))
    return mean_time(model.machine.overhead) + sum(time for _, time in times)


def needs(model: Model, resource: Resource) -> dict[int, float]:
    """For how long a flow needs one of a resource in each function, on average."""
    times: dict[int, float] = {}
    for route, chance in chances(model):
        for function, time in _within(model, route, resource):
            times[function] = times.get(function, 0.0) + chance * time
    return times


def _demand(model: Model, resource: Resource) -> float:
    """For how long a flow needs one of a resource, on average."""
    return _outside(model.machine, resource) + sum(needs(model, resource).values())


def _outside(machine: Machine, resource: Resource) -> float:
    """For how long it needs one outside of its functions."""
    if resource.kind == "gil":
        return mean_time(machine.overhead) * machine.overhead_gil
    return mean_time(machine.overhead) if resource.kind in _OUTSIDE else 0.0


def _within(model: Model, route: Route, resource: Resource) -> Iterator[tuple[int, float]]:
    """The functions on a route that need a resource, each with for how long."""
    held = 0
    for step in route.steps:
        match step:
            case Run(function=place):
                yield place, _time(model.functions[place], resource, is_held=held > 0)
            case Take() | Give() if _is_written(model, step, resource):
                held += 1 if isinstance(step, Take) else -1
            case _:
                pass


def _time(function: Function, resource: Resource, *, is_held: bool) -> float:
    match resource.kind:
        case "processors":
            return mean_time(function.cpu)
        case "gil":
            return mean_time(function.cpu) * function.gil
        case "constraint":
            return mean_time(function.cpu) + mean_time(function.io) if is_held else 0.0
        case "threads" | "places":
            return mean_time(function.cpu) + mean_time(function.io)


def _is_written(model: Model, step: Take | Give, resource: Resource) -> bool:
    """Whether it is for a writer of that constraint; readers keep no reader out."""
    name = model.constraints[step.constraint].name
    return step.mode == "writer" and (resource.kind, resource.name) == ("constraint", name)

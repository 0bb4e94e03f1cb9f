"""What a run can't be asked for, and where in the model that stands."""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from math import inf

from flux.simulation.errors import ModelError
from flux.simulation.model import Closed, Machine, Model, Open, Recorded, Route, Run, Source
from flux.simulation.times import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Time,
    Uniform,
)

MOST_FLOWS = 1_000_000
"""So many flows inside say that a model is saturated, before they fill the memory."""


def check(model: Model, seed: int, flows: int, warmup: int) -> None:
    """See that a run can begin.

    Raises:
        ModelError: It can't, and why.
    """
    asked = (
        (0 <= seed < 2**64, f"a seed has 64 bits, and {seed} hasn't"),
        (flows > 0, f"a run observes at least one flow, not {flows}"),
        (warmup >= 0, f"a warm-up isn't negative, as {warmup} is"),
    )
    machine = model.machine
    bounds = (
        (machine.processors > 0, f"a machine needs a processor, not {machine.processors}"),
        (machine.threads is None or machine.threads > 0, "a pool needs a thread"),
        (machine.max_flows is None or machine.max_flows > 0, "there must be place for a flow"),
        (model.sessions > 0, "there must be a session"),
        (bool(model.sources), f"{model.program} has no source"),
    )
    for right, mistake in chain(asked, bounds, _of_times(model), _of_sources(model)):
        if not right:
            raise ModelError(mistake)


Judged = Iterator[tuple[bool, str]]


def _of_times(model: Model) -> Judged:
    machine = model.machine
    named = {"overhead": machine.overhead}
    named |= {f"processor time of {each.name}": each.cpu for each in model.functions}
    named |= {f"I/O of {each.name}": each.io for each in model.functions}
    for name, time in named.items():
        yield _is_right(time), f"the {name} can't be {time}"
    for name in ("patience", "wakeup", "gil_interval"):
        value = getattr(machine, name)
        yield _are_times(value), f"{name} can't be {value}"
    wrong = f"{machine.overhead_gil} of the overhead can't need Python's lock"
    yield 0 <= machine.overhead_gil <= 1, wrong
    for each in model.functions:
        wrong = f"{each.gil} of the processor time of {each.name} can't need Python's lock"
        yield 0 <= each.gil <= 1, wrong


def _of_sources(model: Model) -> Judged:
    for source in model.sources:
        yield bool(source.routes), f"source {source.name} leads nowhere"
        weights = [route.weight for route in source.routes]
        yield _are_weights(weights), f"routes of {source.name} can't have the weights {weights}"
        yield from _of_arrivals(source, model.machine)
        for route in source.routes:
            yield _is_there(route, model), f"route {route.name} has a step that isn't in the model"


def _of_arrivals(source: Source, machine: Machine) -> Judged:
    match source.arrivals:
        case Open(between, burst):
            right = burst > 0 and _is_right(between) and not _is_nothing(between)
        case Recorded(times):
            right = _are_times(*times) and sum(times) > 0
        case Closed(clients, think):
            right = clients > 0 and _is_right(think)
            if right and machine.drops and _is_nothing(think):
                yield False, f"clients of {source.name} that are dropped must think for a while"
    yield right, f"{source.name} can't have arrivals that are {source.arrivals}"


def _is_there(route: Route, model: Model) -> bool:
    functions, constraints = len(model.functions), len(model.constraints)
    return all(
        0 <= step.function < functions
        if isinstance(step, Run)
        else 0 <= step.constraint < constraints
        for step in route.steps
    )


def _is_right(time: Time) -> bool:  # noqa: PLR0911 - one for each kind
    """Whether a time can be drawn, and is never negative."""
    match time:
        case Constant(value):
            return _are_times(value)
        case Exponential(mean):
            return _are_times(mean)
        case Uniform(low, high):
            return _are_times(low, high) and low <= high
        case Erlang(mean, shape):
            return _are_times(mean) and shape > 0
        case Lognormal(mean, cv):
            return _are_times(mean, cv)
        case Hyperexponential(means, weights):
            return len(means) == len(weights) and _are_times(*means) and _are_weights(weights)
        case Empirical(bounds, counts):
            rising = all(low <= high for low, high in pairwise(bounds))
            fits = len(bounds) == len(counts) + 1
            return fits and rising and _are_times(*bounds) and _are_weights(counts)


def _is_nothing(time: Time) -> bool:
    """Whether it is always zero: what happens that often happens for ever at one instant."""
    match time:
        case Constant(most) | Uniform(_, most):
            return not most
        case Exponential(mean) | Erlang(mean, _) | Lognormal(mean, _):
            return not mean
        case Hyperexponential(means, _):
            return not any(means)
        case Empirical(bounds, _):
            return not any(bounds)


def _are_times(*values: float) -> bool:
    return all(0 <= value < inf for value in values)


def _are_weights(weights: Sequence[float]) -> bool:
    return min(weights, default=-1) >= 0 and 0 < sum(weights) < inf

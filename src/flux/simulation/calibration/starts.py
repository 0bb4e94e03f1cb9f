"""Several profiles of one server: what they say together, and how much its starts differ.

A server that is started anew needs a little more or less processor time for the same work: pages
lie elsewhere, processors run at another speed, neighbours on the machine are others. One profile
can't tell, for all of its flows have that in common. So each profile is taken to have a factor of
its own: the processor time that its process used, over that which all profiles together say its
flows needed. What factors differ by is chance to a part, which is known by how much times of flows
on one path differ; the rest is what starts differ by (DerSimonian and Laird, 1986).
"""

from collections.abc import Sequence
from dataclasses import replace
from math import log, sqrt

import msgspec

from flux.profile.model import Profile
from flux.profile.pooling import difference, pooled
from flux.simulation.arithmetic import scaled
from flux.simulation.errors import SimulationError
from flux.simulation.model import Model

_Key = tuple[str, int | None, str]


def merged(profiles: Sequence[Profile], names: Sequence[str]) -> Profile:
    """As one profile what models are made of; `names` say in messages which they are.

    Raises:
        SimulationError: They are of different servers.
    """
    check_alike(profiles, names)
    if len(profiles) == 1:
        return profiles[0]
    return msgspec.structs.replace(
        pooled(profiles),
        elapsed=sum(each.elapsed for each in profiles),  # one after the other
        constraints=(),
        cases=(),
    )


def variation(profiles: Sequence[Profile]) -> float:
    """The standard deviation of the factors of another start, as far as profiles can tell.

    It holds that the middle of so few factors isn't known exactly. One profile says nothing: 0.
    """
    if len(profiles) == 1:
        return 0.0
    found = factors(profiles, profiles)
    if found is None:
        return 0.0
    logarithms, chances = zip(*found, strict=True)
    return sqrt(between(logarithms, chances) * (1 + 1 / len(profiles)))


def factors(
    profiles: Sequence[Profile], normal: Sequence[Profile]
) -> list[tuple[float, float]] | None:
    """The logarithm of each one's factor, and its variance by chance; None where that isn't known.

    What flows need is known by the `normal` ones, as far as they have such flows.
    """
    needs = _needs(profiles) | _needs(normal)
    found = [_factor(profile, needs) for profile in profiles]
    return [each for each in found if each] if all(found) else None


def slowed(model: Model, factor: float) -> Model:
    """The model of a start whose processor times are so many times as long."""
    functions = tuple(replace(each, cpu=scaled(each.cpu, factor)) for each in model.functions)
    overhead = scaled(model.machine.overhead, factor)
    return replace(model, functions=functions, machine=replace(model.machine, overhead=overhead))


def check_alike(profiles: Sequence[Profile], names: Sequence[str]) -> None:
    """See that profiles are of one server, each of a process of its own.

    Raises:
        SimulationError: They aren't.
    """
    for profile, name in zip(profiles, names, strict=True):
        _check(profile, name)
        _check_alike(profiles[0], names[0], profile, name)


def check_different(profiles: Sequence[Profile], names: Sequence[str]) -> None:
    """Raise a SimulationError if one is given twice: a start doesn't differ from itself."""
    for n, (profile, name) in enumerate(zip(profiles, names, strict=True)):
        if profile in profiles[:n]:
            raise SimulationError(
                f"{name} is the same profile as {names[profiles.index(profile)]}: give one of"
                " another start"
            )


def _check(profile: Profile, name: str) -> None:
    if profile.server.workers is not None:
        raise SimulationError(
            f"{name} is a profile of {profile.server.workers} workers together: give one of a"
            " single process"
        )


def _check_alike(first: Profile, its_name: str, other: Profile, name: str) -> None:
    if reason := difference(first, other):
        raise SimulationError(
            f"{its_name} and {name} are profiles of {reason}: give profiles of one server, started"
            " several times"
        )


def _needs(profiles: Sequence[Profile]) -> dict[_Key, tuple[float, float]]:
    """Mean and variance of what a flow of each path takes, by all profiles."""
    paths = pooled(profiles).paths
    return {
        (path.source, path.path, path.outcome): (
            path.wall.mean,
            path.wall.error**2 * path.wall.count,
        )
        for path in paths
    }


def _factor(profile: Profile, needs: dict[_Key, tuple[float, float]]) -> tuple[float, float] | None:
    """The logarithm of a profile's factor, whatever they all are too large by; and its variance."""
    counts = [(path.count, *needs[path.source, path.path, path.outcome]) for path in profile.paths]
    expected = sum(count * mean for count, mean, _ in counts)
    if not expected or not profile.cpu:
        return None
    return log(profile.cpu / expected), sum(count * each for count, _, each in counts) / expected**2


def between(factors: Sequence[float], chances: Sequence[float], fitted: int = 1) -> float:
    """The variance of factors that chance doesn't explain, after so many numbers were fitted."""
    free = len(factors) - fitted
    if free < 1:
        return 0.0
    weights = [1 / max(chance, _LEAST) for chance in chances]
    whole = sum(weights)
    middle = sum(w * factor for w, factor in zip(weights, factors, strict=True)) / whole
    differ = sum(w * (factor - middle) ** 2 for w, factor in zip(weights, factors, strict=True))
    scale = (whole - sum(w * w for w in weights) / whole) * free / (len(factors) - 1)
    return max(0.0, (differ - free) / scale)


_LEAST = 1e-12

"""Several profiles of one server: what they say together, and how much its starts differ.

A server that is started anew needs a little more or less processor time for the same work: pages
lie elsewhere, processors run at another speed, neighbours on the machine are others. One profile
can't tell, for all of its flows have that in common. So each profile is taken to have a factor of
its own: the processor time that its process used, over that which all profiles together say its
flows needed. What factors differ by is chance to a part, which is known by how much times of flows
on one path differ; the rest is what starts differ by (DerSimonian and Laird, 1986).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from math import log, sqrt
from statistics import median
from typing import TypeVar

import msgspec

from flux.profile.histogram import together
from flux.profile.model import Gil, Node, Path, Profile, Source
from flux.simulation.arithmetic import scaled
from flux.simulation.errors import SimulationError
from flux.simulation.model import Model

_Key = tuple[str, int | None, str]
_Record = TypeVar("_Record", Path, Node, Source)


def merged(profiles: Sequence[Profile], names: Sequence[str]) -> Profile:
    """As one profile what models are made of; `names` say in messages which they are.

    Raises:
        SimulationError: They are of different servers.
    """
    check_alike(profiles, names)
    first = profiles[0]
    if len(profiles) == 1:
        return first
    late = [each.server.wakeup for each in profiles if each.server.wakeup is not None]
    wakeup = round(median(late)) if late else None
    return msgspec.structs.replace(
        first,
        server=msgspec.structs.replace(first.server, wakeup=wakeup),
        elapsed=sum(each.elapsed for each in profiles),
        cpu=sum(each.cpu for each in profiles),
        paths=_paths(profiles),
        nodes=_nodes(profiles),
        sources=_sources(profiles),
        constraints=(),
        cases=(),
        timed=None,
        gil=_gil([each.gil for each in profiles if each.gil is not None]),
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
    """See that profiles are of one server.

    Raises:
        SimulationError: They aren't.
    """
    for profile, name in zip(profiles[1:], names[1:], strict=True):
        _check_alike(profiles[0], names[0], profile, name)


def _check_alike(first: Profile, its_name: str, other: Profile, name: str) -> None:
    if other.fingerprint != first.fingerprint:
        raise SimulationError(f"{its_name} and {name} are profiles of different programs")
    ours, theirs = (
        msgspec.structs.replace(each.server, pid=0, wakeup=None) for each in (first, other)
    )
    if ours != theirs:
        raise SimulationError(
            f"{its_name} and {name} are profiles of servers with different runtimes, threads or"
            " processors: give profiles of one server, started several times"
        )


def _pooled(
    records: Iterable[_Record], names: Sequence[str], counts: Sequence[str], times: Sequence[str]
) -> tuple[_Record, ...]:
    """Those of one name as one: their counts summed, their times together."""
    found: dict[tuple[object, ...], list[_Record]] = defaultdict(list)
    for record in records:
        found[tuple(getattr(record, name) for name in names)].append(record)
    return tuple(
        msgspec.structs.replace(
            same[0],
            **{name: sum(getattr(each, name) for each in same) for name in counts},
            **{name: together(getattr(each, name) for each in same) for name in times},
        )
        for same in found.values()
    )


def _gil(found: Sequence[Gil]) -> Gil | None:
    """Together; of starts that tell nothing, processor time counts with the others'."""
    if not found:
        return None
    return Gil(
        sum(each.samples for each in found),
        sum(each.held for each in found),
        sum(each.released for each in found),
    )


def _paths(profiles: Sequence[Profile]) -> tuple[Path, ...]:
    paths = chain.from_iterable(each.paths for each in profiles)
    times = ("wall", "waiting", "queued", "cpu")
    return _pooled(paths, ("source", "path", "outcome"), ("count",), times)


def _nodes(profiles: Sequence[Profile]) -> tuple[Node, ...]:
    nodes = chain.from_iterable(each.nodes for each in profiles)
    return _pooled(nodes, ("node", "kind"), ("calls", "failures", "released"), ("wall", "cpu"))


def _sources(profiles: Sequence[Profile]) -> tuple[Source, ...]:
    sources = chain.from_iterable(each.sources for each in profiles)
    return _pooled(sources, ("source",), ("started", "dropped"), ("gaps",))


def _needs(profiles: Sequence[Profile]) -> dict[_Key, tuple[float, float]]:
    """Mean and variance of what a flow of each path takes, by all profiles."""
    paths = _paths(profiles)
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

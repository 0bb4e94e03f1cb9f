"""Profiles of servers that are alike, as one: counts are summed, and times put together."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from itertools import chain
from statistics import median
from typing import Any, TypeVar

import msgspec

from flux.profile.difference import (
    COUNTS,
    case_key,
    constraint_key,
    node_key,
    path_key,
    source_key,
)
from flux.profile.errors import ProfileError
from flux.profile.histogram import Histogram, together
from flux.profile.model import Case, Constraint, Gil, Node, Path, Profile, Served, Source

T = TypeVar("T", Path, Node, Constraint, Case, Source, Gil)


def of_workers(profiles: Sequence[Profile], names: Sequence[str]) -> Profile:
    """What the workers of one server have counted at the same time; `names` say which they are.

    Raises:
        ProfileError: They are of different servers.
    """
    for profile, name in zip(profiles[1:], names[1:], strict=True):
        if reason := difference(profiles[0], profile):
            raise ProfileError(
                f"{names[0]} and {name} are profiles of {reason}: name workers of one"
            )
    if len(profiles) == 1:
        return profiles[0]
    pool = pooled(profiles)
    count = sum(each.server.workers or 1 for each in profiles)
    return msgspec.structs.replace(pool, server=msgspec.structs.replace(pool.server, workers=count))


def difference(one: Profile, other: Profile) -> str | None:
    """Why two profiles can't be of servers that are alike; None if they may."""
    if (one.program, one.fingerprint) != (other.program, other.fingerprint):
        return "different programs"
    if _kind(one.server) != _kind(other.server):
        return "servers with different runtimes, threads or processors"
    return None


def pooled(profiles: Sequence[Profile]) -> Profile:
    """Profiles of servers that are alike, as one of them would have it.

    They are taken to be of the same time, the longest of theirs.
    """
    first = profiles[0]
    return msgspec.structs.replace(
        first,
        server=msgspec.structs.replace(first.server, wakeup=_wakeup(profiles)),
        on=all(each.on for each in profiles),
        began=min((each.began for each in profiles if each.began is not None), default=None),
        elapsed=max(each.elapsed for each in profiles),
        cpu=sum(each.cpu for each in profiles),
        timed=_timed(profiles),
        gil=_gil(profiles),
        paths=_as_one(chain.from_iterable(each.paths for each in profiles), path_key),
        nodes=_as_one(chain.from_iterable(each.nodes for each in profiles), node_key),
        constraints=_as_one(
            chain.from_iterable(each.constraints for each in profiles), constraint_key
        ),
        cases=_as_one(chain.from_iterable(each.cases for each in profiles), case_key),
        sources=_as_one(chain.from_iterable(each.sources for each in profiles), source_key),
    )


def _kind(server: Served) -> Served:
    """Without what differs among processes of one server."""
    return msgspec.structs.replace(server, pid=0, wakeup=None, workers=None)


def _wakeup(profiles: Sequence[Profile]) -> int | None:
    late = [each.server.wakeup for each in profiles if each.server.wakeup is not None]
    return round(median(late)) if late else None


def _timed(profiles: Sequence[Profile]) -> int | None:
    """How many flows were timed; None: all."""
    if all(each.timed is None for each in profiles):
        return None
    ended = [sum(path.count for path in each.paths) for each in profiles]
    pairs = zip(profiles, ended, strict=True)
    return sum(count if each.timed is None else each.timed for each, count in pairs)


def _gil(profiles: Sequence[Profile]) -> Gil | None:
    """Of those that were sampled; None if none was."""
    sampled = [each.gil for each in profiles if each.gil is not None]
    return _sum(sampled) if sampled else None


def _as_one(records: Iterable[T], key: Callable[[T], Hashable]) -> tuple[T, ...]:
    """Those of one key as one record."""
    found: dict[Hashable, list[T]] = defaultdict(list)
    for record in records:
        found[key(record)].append(record)
    return tuple(_sum(same) for same in found.values())


def _sum(records: Sequence[T]) -> T:
    """Records of the same path, node, constraint, case or source as one."""
    values = {
        name: [getattr(each, name) for each in records]
        for name in records[0].__struct_fields__
        if name in COUNTS or isinstance(getattr(records[0], name), Histogram)
    }
    return msgspec.structs.replace(
        records[0], **{name: _added(several) for name, several in values.items()}
    )


def _added(values: Sequence[Any]) -> Any:  # noqa: ANN401 - counts, or histograms, or pairs
    match values[0]:
        case Histogram():
            return together(values)
        case int():
            return sum(values)
        case _:
            counts: Counter[str] = Counter()
            for pairs in values:
                counts.update(dict(pairs))
            return tuple(counts.items())

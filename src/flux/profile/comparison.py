"""Two profiles compared: what a flow, a call or a taking costs now, against what it did before.

The error of a difference is the root of the sum of both errors' squares. What is within three of
those is called noise, and so is what rests on fewer than ten values.

What comes first is what changes most for the server: the difference times how often it happens.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import hypot
from typing import TypeVar

import msgspec

from flux.profile.estimates import (
    Estimate,
    case_shares,
    constraint_cost,
    node_cost,
    path_cost,
)
from flux.profile.model import Node, Profile
from flux.profile.naming import constraint_name, node_name, path_name
from flux.profile.ranking import FEW, By

ERRORS = 3

T = TypeVar("T")
Cost = Callable[[Sequence[T], By, int], Estimate | None]


class Change(msgspec.Struct, frozen=True):
    """What something costs in either profile; None where it doesn't occur.

    `ratio` says how many times as much it is; it is None where that can't be said.
    """

    name: str
    ratio: float | None
    before: Estimate | None
    after: Estimate | None
    noise: bool


class Comparison(msgspec.Struct, frozen=True):
    """All changes; `same_program` is None where a fingerprint is unknown."""

    by: By
    same_program: bool | None
    flows: Change
    paths: tuple[Change, ...]
    nodes: tuple[Change, ...]
    constraints: tuple[Change, ...]
    cases: tuple[Change, ...]


def compared(before: Profile, after: Profile, by: By) -> Comparison:
    """What has changed, by one measure. Paths are the same if their names are."""
    both = before, after
    prints = before.fingerprint, after.fingerprint
    return Comparison(
        by,
        None if None in prints else prints[0] == prints[1],
        change("all flows", *(_of_all(each, by) for each in both)),
        _changes(*(_costs(each, each.paths, path_name, path_cost, by) for each in both)),
        _changes(*(_costs(each, _nodes(each, by), node_name, node_cost, by) for each in both)),
        _changes(
            *(_costs(each, each.constraints, constraint_name, constraint_cost, by) for each in both)
        ),
        _changes(*map(case_shares, both)),
    )


def change(name: str, before: Estimate | None, after: Estimate | None) -> Change:
    """The change from one estimate to another."""
    ratio, noise = None, False
    if before and after:
        ratio = after.value / before.value if before.value else None
        error = hypot(before.error, after.error)
        few = min(before.count, after.count) < FEW
        noise = few or abs(after.value - before.value) <= ERRORS * error
    return Change(name, ratio, before, after, noise)


def _nodes(profile: Profile, by: By) -> Iterable[Node]:
    """The nodes; how long an opening waits for something to do is nobody's cost."""
    waits = by in {"time", "wait"}
    return (node for node in profile.nodes if not (waits and node.kind == "opening"))


def _of_all(profile: Profile, by: By) -> Estimate | None:
    cost = path_cost(profile.paths, by, profile.elapsed)
    return cost and cost.of_a_share(_share(profile, by))


def _share(profile: Profile, by: By) -> float:
    """What share of the flows was measured, where these count for the others."""
    return profile.share if by in {"time", "wait"} else 1.0


def _costs(
    profile: Profile, items: Iterable[T], name: Callable[[T], str], cost: Cost[T], by: By
) -> Mapping[str, Estimate]:
    """What all items of a name cost."""
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(name(item), []).append(item)
    found = {key: cost(group, by, profile.elapsed) for key, group in groups.items()}
    share = _share(profile, by)
    return {key: each.of_a_share(share) for key, each in found.items() if each and each.count}


def _changes(before: Mapping[str, Estimate], after: Mapping[str, Estimate]) -> tuple[Change, ...]:
    """The changes of all that is in either, those first that matter most, noise last."""
    names = dict.fromkeys([*after, *before])
    changes = [change(name, before.get(name), after.get(name)) for name in names]
    return tuple(sorted(changes, key=lambda each: (each.noise, -_weight(each))))


def _weight(change: Change) -> float:
    """How much a change costs or saves in a second."""
    values = [each.value if each else 0.0 for each in (change.before, change.after)]
    rates = [each.rate if each else 0.0 for each in (change.before, change.after)]
    return abs(values[1] - values[0]) * max(rates)

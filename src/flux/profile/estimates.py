"""What a flow, a call or a taking costs, and how surely that is known.

A mean of n values is known up to its standard error, their standard deviation over the root of n;
a share p up to sqrt(p (1 - p) / n); a rate up to sqrt(n) in its time.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import hypot, sqrt

import msgspec

from flux.profile.histogram import Histogram, together
from flux.profile.model import Constraint, Node, Path, Profile
from flux.profile.ranking import By

_SECOND = 1e9


class Estimate(msgspec.Struct, frozen=True):
    """A value with its standard error, from how many values it is, and how many come a second."""

    value: float
    error: float
    count: int
    rate: float

    def of_a_share(self, share: float) -> "Estimate":
        """The same, if only that share of the values was measured, and counted for the others."""
        count = round(self.count * share)
        return Estimate(self.value, self.error / sqrt(share), count, self.rate)


def path_cost(paths: Sequence[Path], by: By, elapsed: int) -> Estimate | None:
    """A flow's time on a path, or how many flows take it in a second."""
    count = sum(path.count for path in paths)
    match by:
        case "count":
            return rate(count, elapsed)
        case "time":
            return mean([path.wall for path in paths], count, elapsed)
        case "cpu":
            return mean([path.cpu for path in paths], count, elapsed)
        case "wait":
            return mean([path.waiting.over(path.count) for path in paths], count, elapsed)


def node_cost(nodes: Sequence[Node], by: By, elapsed: int) -> Estimate | None:
    """A call's time in a node, or how many calls there are in a second."""
    count = sum(node.calls for node in nodes)
    wall = mean([node.wall for node in nodes], count, elapsed)
    cpu = mean([node.cpu for node in nodes], count, elapsed)
    match by:
        case "count":
            return rate(count, elapsed)
        case "time":
            return wall
        case "cpu":
            return cpu
    if not wall or not cpu:
        return None
    parked = max(wall.value - cpu.value, 0.0)
    return Estimate(parked, hypot(wall.error, cpu.error), cpu.count, wall.rate)


def constraint_cost(constraints: Sequence[Constraint], by: By, elapsed: int) -> Estimate | None:
    """How long a flow waits for a constraint, or how often it is taken in a second."""
    count = sum(each.acquired for each in constraints)
    if by == "count":
        return rate(count, elapsed)
    return mean([each.waiting.over(each.acquired) for each in constraints], count, elapsed)


def case_shares(profile: Profile) -> Mapping[str, Estimate]:
    """How probable each case of a node is."""
    return dict(_case_shares(profile))


def _case_shares(profile: Profile) -> Iterator[tuple[str, Estimate]]:
    whole: dict[str, int] = {}
    for case in profile.cases:
        whole[case.node] = whole.get(case.node, 0) + case.count
    for case in profile.cases:
        if n := whole[case.node]:
            p = case.count / n
            found = Estimate(p, sqrt(p * (1 - p) / n), n, per_second(n, profile.elapsed))
            yield f"{case.node}:{case.case}", found


def mean(histograms: Sequence[Histogram], count: int, elapsed: int) -> Estimate | None:
    """The mean of some values, of which `count` came in a time; None if none is known."""
    values = together(histograms)
    if not values.count:
        return None
    return Estimate(values.mean, values.error, values.count, per_second(count, elapsed))


def rate(count: int, elapsed: int) -> Estimate:
    """How many there are in a second; a rate counts for itself."""
    return Estimate(per_second(count, elapsed), per_second(sqrt(count), elapsed), count, 1.0)


def per_second(count: float, elapsed: int) -> float:
    """So many in a time of so many nanoseconds, by the second."""
    return count * _SECOND / elapsed if elapsed else 0.0

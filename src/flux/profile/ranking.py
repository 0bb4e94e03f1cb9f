"""What comes first: how much each path, node and constraint has of a measure.

Processor time is known of one flow in 64, so all of it is estimated from those that were asked.
"""

from collections.abc import Callable, Iterable
from typing import Literal, TypeVar, get_args

from flux.profile.histogram import Histogram
from flux.profile.model import Constraint, Node, Path

By = Literal["time", "count", "cpu", "wait"]
FEW = 10
"""What is known of fewer values may be chance."""

MEASURES: tuple[By, ...] = get_args(By)

T = TypeVar("T")


def ranked(items: Iterable[T], weight: Callable[[T], float]) -> list[T]:
    """The items, those with the most first."""
    return sorted(items, key=weight, reverse=True)


def scaled(asked: Histogram, count: int) -> float:
    """What all have used, from what those have that were asked."""
    return asked.mean * count


def path_weight(path: Path, by: By) -> float:
    """How much of a measure the flows on a path have; `wait` is for constraints."""
    match by:
        case "time":
            return path.wall.total
        case "count":
            return path.count
        case "cpu":
            return scaled(path.cpu, path.count)
        case "wait":
            return path.waiting.total


def node_weight(node: Node, by: By) -> float:
    """How much of a measure the calls of a node have; `wait` is what they are parked.

    An opening waits for something to do: no flow's time is in that.
    """
    match by:
        case "count":
            return node.calls
        case "cpu":
            return scaled(node.cpu, node.calls)
        case _ if node.kind == "opening":
            return 0
        case "time":
            return node.wall.total
        case "wait":
            return parked(node) * node.calls


def parked(node: Node) -> float:
    """For how long a call of a node is parked or in I/O, on average."""
    return max(node.wall.mean - node.cpu.mean, 0) if node.cpu.count else 0


def constraint_weight(constraint: Constraint, by: By) -> tuple[float, float]:
    """How much of a constraint's trouble there is: waiting for it, then holding it."""
    if by == "count":
        return constraint.acquired, constraint.waiting.total
    return constraint.waiting.total, constraint.holding.total


def in_nodes(path: Path) -> int:
    """The time that a path's flows were in their nodes."""
    return max(path.wall.total - path.waiting.total - path.queued.total, 0)


def parked_on(path: Path) -> float:
    """The time that a path's flows were in their nodes without using the processor."""
    return max(in_nodes(path) - path_weight(path, "cpu"), 0) if path.cpu.count else 0

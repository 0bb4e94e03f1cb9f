"""A profile as stacks, of which flame graphs are made: source, what tells the path apart, node.

Theory. A path's time is that of its nodes' calls, of waiting and of being queued, so each of these
is a leaf on the path. The path's own histograms tell its waiting, its queueing and its calls
exactly. How the time of its calls is divided among its nodes is told by `spent` if the server
gives it; else it is estimated: in proportion to the mean time of a call of each node, on whatever
path that was. Processor time is divided in proportion to what part of their time nodes use it.

Between source and leaf stand the cases that the path chose and where it failed, so that a flame
graph shows first where the flows come from, then which way they go, and then what takes their time.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from flux.profile.model import Node, Path, Profile
from flux.profile.ranking import By, in_nodes, path_weight
from flux.profile.table import ARROW

Nodes = Mapping[str, Node]

WAITING = "(waits for constraints)"
QUEUED = "(queued)"
UNNAMED = "(nodes)"

_FAILED = re.compile(r" fails$| can't be tested$|: no match$")
_CASE = re.compile(r"^\w+:\[.*\]$", re.DOTALL)


class Stack(NamedTuple):
    """Frames from the outermost to the leaf, and what the leaf has of each measure."""

    frames: tuple[str, ...]
    calls: int
    time: float
    cpu: float
    wait: float

    def value(self, by: By) -> float:
        """What it has of one measure."""
        return {"time": self.time, "count": self.calls, "cpu": self.cpu, "wait": self.wait}[by]


def stacks(profile: Profile) -> Iterator[Stack]:
    """All stacks, path by path."""
    nodes = _by_name(profile)
    for path in profile.paths:
        if path.count:
            yield from _stacks_of(nodes, path)


def spent_in_nodes(profile: Profile, path: Path) -> list[tuple[str, float]]:
    """The time of a path's calls, node by node in the order in which it takes them."""
    return _divided(in_nodes(path), _wall_weights(_by_name(profile), path))


def _by_name(profile: Profile) -> Nodes:
    return {node.node: node for node in profile.nodes}


def _stacks_of(nodes: Nodes, path: Path) -> Iterator[Stack]:
    outer = (path.source, *labels(path))
    calls = Counter(_calls(path))
    times = _divided(in_nodes(path), _wall_weights(nodes, path))
    cpu = dict(_divided(path_weight(path, "cpu"), _cpu_weights(nodes, path)))
    for node, time in times or [(UNNAMED, float(in_nodes(path)))]:
        called = path.count * max(calls[node], 1)
        yield Stack((*outer, node), called, time, cpu.get(node, 0.0), 0.0)
    if path.waiting.total:
        yield Stack((*outer, WAITING), 0, path.waiting.total, 0.0, path.waiting.total)
    if path.queued.total:
        yield Stack((*outer, QUEUED), 0, path.queued.total, 0.0, 0.0)


def labels(path: Path) -> list[str]:
    """The cases that a path chose, and where it failed: what tells it from others."""
    if not path.name:
        return ["(paths without a number)"]
    return [part for part in path.name.split(ARROW) if _CASE.search(part) or _FAILED.search(part)]


def _calls(path: Path) -> list[str]:
    """The nodes that are called on a path; what the first one does is in no flow's time."""
    parts = path.name.split(ARROW)[1:]
    named = (_FAILED.sub("", part) for part in parts if not part.endswith(": no match"))
    return [part for part in named if not _CASE.search(part)]


def _wall_weights(nodes: Nodes, path: Path) -> Mapping[str, float]:
    """In which proportion the nodes have the time of a path's calls."""
    spent: Counter[str] = Counter()
    for node, time in path.spent:
        spent[node] += time
    if spent:
        return spent
    calls = Counter(_calls(path))
    return {name: count * nodes[name].wall.mean for name, count in calls.items() if name in nodes}


def _cpu_weights(nodes: Nodes, path: Path) -> Mapping[str, float]:
    """In which proportion they have its processor time: by how much of their time is that."""
    walls = _wall_weights(nodes, path)
    used = {name: time * _processor_share(nodes.get(name)) for name, time in walls.items()}
    return used if any(used.values()) else walls


def _processor_share(node: Node | None) -> float:
    return node.cpu.mean / node.wall.mean if node and node.wall.mean else 0.0


def _divided(whole: float, weights: Mapping[str, float]) -> list[tuple[str, float]]:
    """The whole in proportion to the weights; nothing if they weigh nothing."""
    weight = sum(weights.values())
    return [(name, whole * part / weight) for name, part in weights.items()] if weight else []

"""What a profile knows of a program, as its picture asks for it.

Shares are parts of the time of all flows: of their nodes' calls, waiting and queueing together.
A node that is called in several places has one time for all of them, and a constraint one for
all nodes that take it. The first node of a source's turns has no share, for most of its time is
waiting for something to do.
"""

from dataclasses import dataclass

from flux.graph.model import Constraint, Mode
from flux.picture.words import count, duration, rate, share
from flux.profile.model import Profile


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """What is known of a function; `share` is None where it means nothing."""

    calls: int = 0
    failures: int = 0
    mean: float = 0
    share: float | None = None

    @property
    def note(self) -> str:
        """The line below its name."""
        if not self.calls:
            return "never called"
        if self.share is None:
            return f"{count(self.calls)} turns"
        return f"{share(self.share)} · {duration(self.mean)}"

    @property
    def failure_rate(self) -> float:
        """The part of its calls that failed."""
        return self.failures / self.calls if self.calls else 0.0

    @property
    def tooltip(self) -> str:
        """All that is known of it."""
        calls = f"called {self.calls:,} times, {duration(self.mean)} each"
        return f"{calls}; {self.failures:,} failed ({rate(self.failure_rate)})"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is known of waiting for a constraint: for how long by the mean, its share."""

    mean: float
    share: float


@dataclass(frozen=True, slots=True)
class Facts:
    """A profile, by the names of what is drawn."""

    profile: Profile
    nodes: dict[tuple[str, bool], NodeFacts]
    waits: dict[tuple[str, Mode], Waiting]

    def node(self, name: str, *, opening: bool) -> NodeFacts:
        """What is known of a node: as the first of a source's turns, or elsewhere."""
        return self.nodes.get((name, opening), NodeFacts())

    def waiting(self, constraint: Constraint) -> Waiting | None:
        """How it was waited for, in the mode that is declared or else in the other one.

        A reader is taken as a writer where something behind it writes.
        """
        modes = (constraint.mode, *Mode)
        return next(
            (self.waits[constraint.name, m] for m in modes if (constraint.name, m) in self.waits),
            None,
        )


def facts_of(profile: Profile) -> Facts:
    """The facts of a profile."""
    whole = max(sum(path.wall.total for path in profile.paths), 1)
    nodes = {}
    for node in profile.nodes:
        if node.kind not in ("node", "opening"):  # other functions may have a node's name
            continue
        opening = node.kind == "opening"
        part = None if opening else min(node.wall.total / whole, 1.0)
        nodes[node.node, opening] = NodeFacts(node.calls, node.failures, node.wall.mean, part)
    waits = {
        (known.constraint, Mode(known.mode)): Waiting(
            known.waiting.total / max(known.acquired, 1), min(known.waiting.total / whole, 1.0)
        )
        for known in profile.constraints
    }
    return Facts(profile, nodes, waits)

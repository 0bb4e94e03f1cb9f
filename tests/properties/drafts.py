"""Nodes that are right by construction: names and types fit, and nothing runs itself.

Nodes are drafted callees first: what a node runs, and its handler, are finished before it is. A
draft asks for a node that takes and gives certain types, and gets one that exists or a new one.
`room` bounds the number of functions that one flow can run, which would otherwise double with each
level of nesting.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

Port = tuple[str, ...]

PORTS: tuple[Port, ...] = ((), ("int",), ("char*",), ("int", "char*"), ("dict[str, list[int]]",))
SEMANTIC_TYPES = {"int": ("small", "even"), "char*": ("hit", "_old")}
MOST_NODES = 34  # chains that are under way by then need a few more: 40 in all


@dataclass(slots=True)
class Draft:
    """A node under way. It is concrete without `chains`; `runs` says whether it runs anything."""

    name: str
    inputs: Port
    outputs: Port
    chains: list[tuple[Port | None, list["Draft"]]] = field(default_factory=list)
    declared: bool = True
    handler: "Draft | None" = None
    size: int = 1
    runs: bool = True

    def inner(self) -> list["Draft"]:
        """The nodes that may run when this one is run."""
        handlers = [self.handler] if self.handler else []
        return [node for _, chain in self.chains for node in chain] + handlers


class Drafts:
    """The nodes of one program, and the chances that decide about them."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.begun = 0
        self.nodes: list[Draft] = []

    def node(self, inputs: Port, outputs: Port, depth: int, room: int) -> Draft:
        """A node that takes and gives such values."""
        fitting = [
            node
            for node in self.nodes
            if (node.inputs, node.outputs) == (inputs, outputs) and node.size <= room
        ]
        if fitting and (self.begun >= MOST_NODES or self.chance(0.35)):
            return self.random.choice(fitting)
        if depth and room > 1 and self.begun < MOST_NODES and self.chance(0.7):
            return self.abstract(inputs, outputs, depth, room)
        return self.concrete(inputs, outputs)

    def concrete(self, inputs: Port, outputs: Port) -> Draft:
        """A new function."""
        return self._finished(Draft(self._name(), inputs, outputs))

    def abstract(self, inputs: Port, outputs: Port, depth: int, room: int) -> Draft:
        """A new node with a flow, or with cases."""
        draft = Draft(self._name(), inputs, outputs, declared=self.chance(0.5))
        drops = draft.declared and not outputs
        for patterns in self._all_patterns(inputs):
            ending = self.random.choice(PORTS) if drops else outputs
            may_be_empty = drops or inputs == outputs
            chain = (
                self._chain(inputs, ending, depth - 1, room) if self._filled(may_be_empty) else []
            )
            draft.chains.append((patterns, chain))
        draft.declared = draft.declared or not any(chain for _, chain in draft.chains)
        draft.size = max(sum(node.size for node in chain) for _, chain in draft.chains)
        draft.runs = any(node.runs for _, chain in draft.chains for node in chain)
        return self._finished(draft)

    def chance(self, probability: float) -> bool:
        """True so often."""
        return self.random.random() >= 1 - probability

    def _name(self) -> str:
        self.begun += 1
        return f"N{self.begun}"

    def _filled(self, may_be_empty: bool) -> bool:  # noqa: FBT001 - says itself what it means
        return not (may_be_empty and self.chance(0.2))

    def _all_patterns(self, inputs: Port) -> list[Port | None]:
        """The patterns of each case, no two alike; None for a plain flow."""
        if not inputs or self.chance(0.5):
            return [None]
        drawn = (self._patterns(inputs) for _ in range(self.random.randint(1, 4)))
        return list(dict.fromkeys(drawn))

    def _patterns(self, inputs: Port) -> Port:
        return tuple(self.random.choice(("_", *SEMANTIC_TYPES.get(type_, ()))) for type_ in inputs)

    def _chain(self, inputs: Port, outputs: Port, depth: int, room: int) -> list[Draft]:
        between = [self.random.choice(PORTS) for _ in range(self.random.randint(0, 3))]
        chain: list[Draft] = []
        for before, after in pairwise([inputs, *between, outputs]):
            chain.append(self.node(before, after, depth, room))
            room -= chain[-1].size
        return chain

    def _finished(self, draft: Draft) -> Draft:
        """The node with a handler, maybe; only now others may use it."""
        if self.begun < MOST_NODES and self.chance(0.25):
            depth = self.random.randint(0, 1)
            draft.handler = self.node(draft.inputs, self.random.choice(PORTS), depth, room=10)
            draft.size += draft.handler.size
        self.nodes.append(draft)
        return draft

"""Which node takes which constraint: deadlock made impossible (paper, section 2.5).

Theory. A deadlock needs a circle of flows, each holding what the next one waits for. If
every flow takes constraints in one global order, the *canonical order*, there is no such
circle. The order is: program scope before session scope, then the bytes of the name.

A node holds its own constraints over everything inside it, so the order could be broken by
nesting: an outer node holds `b` when an inner one wants `a`. The remedy is *early
acquisition*: the outer node takes `a` as well, before `b`. In closed form:

    a constraint c that N needs is taken, on each way to N, by the outermost node on that
    way (N included) whose own declared constraints contain c or one after it.

Equivalently, and this is what `Locking.takes` computes: a node X that is entered while
`held` is held takes

    { c in inside(X) : c <= last(X) } - held

where `inside(X)` is everything that X, the nodes in its flow and *their* handlers declare,
and `last(X)` is the last of X's own declared constraints; in the canonical order, and as a
writer if anything in `inside(X)` needs c as a writer. It follows by induction along a way:

1.  Order. When X takes c, everything held was taken by nodes around X. Each of these took
    all of inside(X) up to its own last, so c lies after its last, hence after all it took.
2.  Nothing is taken twice: `held` is subtracted.
3.  No reader is upgraded: whoever takes c first knows all that is needed inside.

X's own handler runs after X gave everything back, so it isn't inside X; it stands where X
stands, inside the nodes around X. `around(X)` is inside(X) with X's handler, the handler's
handler and so on.

The held set at each place in the program is thus static, and locks need not be re-entrant.
Sets of constraints are integers here, one bit a constraint, the lowest bit first in order.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flux.graph.model import AbstractNode, Constraint, Mode, Node, ProgramGraph, Scope


@dataclass(frozen=True, slots=True)
class Take:
    """One constraint as it is taken."""

    constraint: str
    mode: Mode
    scope: Scope

    def __str__(self) -> str:
        mark = "?" if self.mode is Mode.READER else ""
        return f"{self.constraint}{mark}{'(session)' if self.scope is Scope.SESSION else ''}"


@dataclass(frozen=True, slots=True)
class Needs:
    """Constraints as bits: all that are needed, and those needed as a writer."""

    all: int = 0
    written: int = 0

    def __or__(self, other: "Needs") -> "Needs":
        return Needs(self.all | other.all, self.written | other.written)


@dataclass(frozen=True, slots=True)
class Locking:
    """What is needed inside and around every node, by the canonical order."""

    order: tuple[tuple[Scope, str], ...]
    own: Mapping[str, Needs]
    inside: Mapping[str, Needs]
    around: Mapping[str, Needs]

    def taken(self, node: str, held: int) -> int:
        """The constraints that a node takes when it is entered with `held`, as bits."""
        up_to_last = (1 << self.own[node].all.bit_length()) - 1
        return self.inside[node].all & up_to_last & ~held

    def takes(self, node: str, held: int) -> tuple[Take, ...]:
        """The same, in canonical order and with their modes."""
        written = self.inside[node].written
        return tuple(
            Take(name, Mode.WRITER if written & bit else Mode.READER, scope)
            for bit, (scope, name) in self.select(self.taken(node, held))
        )

    def select(self, bits: int) -> Iterator[tuple[int, tuple[Scope, str]]]:
        """The constraints in a set, in canonical order, each with its bit."""
        while bits:
            lowest = bits & -bits
            yield lowest, self.order[lowest.bit_length() - 1]
            bits ^= lowest

    def names(self, bits: int) -> tuple[str, ...]:
        """The names of the constraints in a set, in canonical order."""
        return tuple(name for _, (_, name) in self.select(bits))


def order_constraints(graph: ProgramGraph) -> Locking:
    """Decide the order, and gather each node's needs from those inside it."""
    order = canonical_order(c for node in graph.nodes.values() for c in node.constraints)
    bit = {name: 1 << place for place, (_, name) in enumerate(order)}
    own: dict[str, Needs] = {}
    inside: dict[str, Needs] = {}
    around: dict[str, Needs] = {}
    for name, node in graph.nodes.items():
        own[name] = _own(node, bit)
        inside[name] = _gather(own[name], (around.get(inner) for inner in _inner(node)))
        after = [around.get(node.handler.node)] if node.handler else []
        around[name] = _gather(inside[name], after)
    return Locking(order, own, inside, around)


def canonical_order(constraints: Iterable[Constraint]) -> tuple[tuple[Scope, str], ...]:
    """Program scope before session scope, then by the bytes of the name."""
    return tuple(
        sorted(
            {(c.scope, c.name) for c in constraints},
            key=lambda pair: (pair[0] is Scope.SESSION, pair[1].encode()),
        )
    )


def _own(node: Node, bit: Mapping[str, int]) -> Needs:
    needs = Needs()
    for constraint in node.constraints:
        mask = bit[constraint.name]
        needs |= Needs(mask, mask if constraint.mode is Mode.WRITER else 0)
    return needs


def _inner(node: Node) -> Iterable[str]:
    return (use.node for use in node.uses()) if isinstance(node, AbstractNode) else ()


def _gather(needs: Needs, others: Iterable[Needs | None]) -> Needs:
    for other in others:
        needs |= other or Needs()
    return needs

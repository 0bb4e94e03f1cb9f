"""What is held wherever a function or a choice of cases stands, on every way from every source.

A place is the nodes around it, outermost first, and the node itself. There are few of them, even
where there are very many paths; so all are compared, not only those that flows happen to visit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from properties.checker import Around, taken
from properties.reading import Reading

from flux.plan.model import Block, Call, Dispatch, Handle, Hold, Plan, Session

Held = tuple[tuple[str, str], ...]
Place = tuple[Around, Held]


def places_in_text(reading: Reading) -> list[Place]:
    """The places by the closed form of the language."""
    roots = [name for source in reading.sources for name in (source.node, source.target)]
    return sorted({place for root in roots for place in _use(reading, root, (), ())})


def _use(reading: Reading, name: str, around: Around, held: Held) -> Iterator[Place]:
    node, here = reading.nodes[name], (*around, name)
    inside = (*held, *taken(reading, name, around))
    if node.is_concrete or node.cases[0].patterns is not None:
        yield here, inside
    for case in node.cases:
        for inner in case.chain:
            yield from _use(reading, inner, here, inside)
    if node.handler is not None:
        yield from _use(reading, node.handler, around, held)


def places_in_plan(plan: Plan) -> list[Place]:
    """The places by the steps of the Plan."""
    places = _Places(plan)
    roots = [id_ for loop in plan.sources for id_ in (loop.turn, loop.flow)]
    return sorted({place for root in roots for place in places.routine(root, (), ())})


@dataclass(frozen=True, slots=True)
class _Places:
    plan: Plan

    def routine(self, id_: str, around: Around, held: Held) -> Iterator[Place]:
        routine = self.plan.routine(id_)
        inside = (*around, routine.node) if routine.role == "node" else around
        yield from self.block(routine.body, inside, held)

    def target(self, node: str, id_: str | None, around: Around, held: Held) -> Iterator[Place]:
        if id_ is None:
            yield (*around, node), held
        else:
            yield from self.routine(id_, around, held)

    def block(self, block: Block, around: Around, held: Held) -> Iterator[Place]:
        for step in block:
            match step:
                case Call():
                    yield from self.target(step.node, step.routine, around, held)
                case Hold():
                    takes = ((take.constraint, take.mode.value) for take in step.takes)
                    yield from self.block(step.body, around, (*held, *takes))
                case Handle():
                    yield from self.block(step.body, around, held)
                    yield from self.target(step.handler, step.routine, around, held)
                case Dispatch():
                    yield around, held
                    yield from self.blocks([b.body for b in step.branches], around, held)
                case Session():
                    assert not held, f"{step.function} is called under {held}"

    def blocks(self, blocks: Sequence[Block], around: Around, held: Held) -> Iterator[Place]:
        for block in blocks:
            yield from self.block(block, around, held)

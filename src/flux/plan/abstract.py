"""Abstract nodes to routines: a plain flow is a chain, cases are a dispatch.

The ways on which a dispatch itself fails come first among the failed ones: a failing test of
each case that has any, then no match; after them those of each case's chain.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import count

from flux.graph.cases import can_fail_to_match
from flux.graph.model import AbstractNode, Case
from flux.plan.chains import Lowering, Place, lower_chain, routine_id
from flux.plan.model import Block, Branch, Dispatch, Hold, Routine, Test, Ways


def lower_abstract(
    low: Lowering, node: AbstractNode, held: int, turn: str | None = None, opener: str = ""
) -> Routine:
    """The routine of an abstract node; in a turn, `opener` is the inner node that opens it."""
    routine = routine_id(low, node.name, held, turn)
    inside = held | low.locking.taken(node.name, held)
    place = Place(routine, inside, turn=turn)
    inputs, outputs = low.inputs(node.name), low.outputs(node.name)
    if node.is_plain:
        chain = lower_chain(low, place, node.cases[0].chain, inputs, opener)
        body, ways, outputs = chain.body, chain.ways, _kept(outputs, chain.outputs)
    else:
        body, ways = _lower_cases(low, place, node, inputs)
    takes = low.locking.takes(node.name, held)
    return Routine(
        id=routine,
        node=node.name,
        role="node",
        held=low.locking.names(held),
        inputs=inputs,
        outputs=outputs,
        body=(Hold(takes, body),) if takes else body,
        ways=ways,
        text=tuple(case.text for case in node.cases),
        signature=low.signature(node.name),
    )


def _kept(declared: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    """What is handed on: nothing by a node that is declared `-> ()`."""
    return given if declared else ()


def _lower_cases(
    low: Lowering, place: Place, node: AbstractNode, inputs: tuple[str, ...]
) -> tuple[Block, Ways]:
    tested = sum(not case.always_matches for case in node.cases)
    no_match = tested if can_fail_to_match(node) else None
    ways = Ways(0, tested + (no_match is not None), 0)
    branches: list[Branch] = []
    seen: Counter[str] = Counter()
    failed = count()
    for case in node.cases:
        label = _label(place, case, seen)
        start = Ways(1, ways.failed, ways.ended)
        chain = lower_chain(
            low, Place(label, place.held, ways.succeeded, start), case.chain, inputs
        )
        branches.append(
            Branch(
                id=label,
                text=case.text,
                tests=tuple(_tests(case, inputs)),
                base=ways.succeeded,
                failed=None if case.always_matches else next(failed),
                body=chain.body,
                outputs=_kept(low.outputs(node.name), chain.outputs),
            )
        )
        ways = _beside(ways, chain.ways)
    return (Dispatch(f"{place.id}/dispatch", node.name, tuple(branches), no_match),), ways


def _beside(ways: Ways, others: Ways) -> Ways:
    """The ways through either of two parts."""
    return Ways(
        ways.succeeded + others.succeeded,
        ways.failed + others.failed,
        ways.ended + others.ended,
    )


def _label(place: Place, case: Case, seen: Counter[str]) -> str:
    """`Handler/[_, hit]`; a second case with the same patterns gets a number."""
    label = f"{place.id}/[{', '.join(map(str, case.patterns or ()))}]"
    seen[label] += 1
    return label if seen[label] == 1 else f"{label}#{seen[label]}"


def _tests(case: Case, inputs: tuple[str, ...]) -> Iterator[Test]:
    for pattern, name in zip(case.patterns or (), inputs, strict=True):
        if pattern.predicate:
            yield Test(pattern.predicate.type, pattern.predicate.function, name)

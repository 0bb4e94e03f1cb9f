"""Chains to blocks of steps: one use of a node at a time.

A use of N becomes, from the inside out: the call; a hold, if N is concrete and takes
constraints here (an abstract node's hold stands in its routine); a handle, if N has a handler.
So the handler runs when everything taken from N inwards has been given back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from flux.graph.contexts import context
from flux.graph.locking import Locking
from flux.graph.model import AbstractNode, ProgramGraph, Signature, Use
from flux.plan.model import Block, Call, Handle, Hold, Numbers, Routine, Step, Ways

FUNCTION_WAYS = Ways(succeeded=1, failed=1, ended=0)
NOTHING_BEFORE = Ways()


@dataclass(frozen=True, slots=True)
class Lowering:
    """A program on its way to the Plan: the routines that have been made so far."""

    graph: ProgramGraph
    locking: Locking
    routines: dict[str, Routine] = field(default_factory=dict)

    def signature(self, node: str) -> Signature:
        """The signature of a node; a checked graph has them all."""
        signature = self.graph.nodes[node].signature
        if signature is None:
            raise AssertionError(f"{node} has no signature")
        return signature

    def inputs(self, node: str) -> tuple[str, ...]:
        """The names of what a node takes."""
        return tuple(parameter.name for parameter in self.signature(node).inputs)

    def outputs(self, node: str) -> tuple[str, ...]:
        """The names of what a node gives."""
        return tuple(parameter.name for parameter in self.signature(node).outputs)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands: its id, what is held there, and the ways that come before it.

    `base` is the register's value where the chain begins. `turn` is the source whose turn
    the step opens, if it does.
    """

    id: str
    held: int = 0
    base: int = 0
    before: Ways = NOTHING_BEFORE
    turn: str | None = None

    @property
    def numbers(self) -> Numbers:
        """The numbers of a step that stands here."""
        before = self.before
        return Numbers(self.base, before.succeeded, before.failed, before.ended)


@dataclass(frozen=True, slots=True)
class Target:
    """What a call leads to: a routine, or a function (None), and the ways through it."""

    routine: str | None
    ways: Ways


@dataclass(frozen=True, slots=True)
class Chain:
    """A lowered chain: its steps, the ways through it, and what its last step gives."""

    body: Block
    ways: Ways
    outputs: tuple[str, ...]


def lower_chain(
    low: Lowering, place: Place, uses: Iterable[Use], inputs: tuple[str, ...], opener: str = ""
) -> Chain:
    """The steps of a chain; the first use of the node `opener` opens the place's turn."""
    steps: list[Step] = []
    ways, seen = Ways(), dict[str, int]()
    for use in uses:
        opens = place.turn if use.node == opener and use.node not in seen else None
        step_id = f"{place.id}/{_nth(seen, use.node)}"
        step, through = lower_use(low, replace(place, id=step_id, turn=opens), use.node, inputs)
        steps.append(step)
        ways = ways.then(through)
        place = replace(place, before=place.before.then(through))
        inputs = low.outputs(use.node)
    return Chain(tuple(steps), ways, inputs)


def _nth(seen: dict[str, int], node: str) -> str:
    """`Write`, and `Write#2` where the same chain uses it again."""
    seen[node] = seen.get(node, 0) + 1
    return node if seen[node] == 1 else f"{node}#{seen[node]}"


def lower_use(low: Lowering, place: Place, node: str, inputs: tuple[str, ...]) -> tuple[Step, Ways]:
    """One use of a node, with what it takes and the handler of its errors."""
    step, ways = lower_bare(low, place, node, inputs)
    if low.graph.nodes[node].handler is None:
        return step, ways
    return handle(low, place, node, ways, inputs, step)


def lower_bare(
    low: Lowering, place: Place, node: str, inputs: tuple[str, ...]
) -> tuple[Step, Ways]:
    """One use of a node, its handler left aside."""
    target = entered(low, node, place.held, place.turn)
    call = _call(low, place, node, target, inputs)
    takes = low.locking.takes(node, place.held)
    if target.routine is None and takes:
        return Hold(takes, (call,)), target.ways
    return call, target.ways


def entered(low: Lowering, node: str, held: int, turn: str | None = None) -> Target:
    """What a call of a node leads to, its handler left aside."""
    if not isinstance(low.graph.nodes[node], AbstractNode):
        return Target(None, FUNCTION_WAYS)
    routine = low.routines[routine_id(low, node, held, turn)]
    return Target(routine.id, routine.ways)


def stand_alone(low: Lowering, node: str, held: int) -> Target:
    """What a handler or a target leads to: with its own constraints and its own handler."""
    routine = low.routines.get(f"use {routine_id(low, node, held)}")
    return Target(routine.id, routine.ways) if routine else entered(low, node, held)


def routine_id(low: Lowering, node: str, held: int, turn: str | None = None) -> str:
    """`Handler`, `Handler{cache}`, or `Accept@Listen` where it opens a turn of `Listen`."""
    _, relevant = context(low.locking, node, held)
    names = ",".join(low.locking.names(relevant))
    return f"{node}{f'{{{names}}}' if names else ''}{f'@{turn}' if turn else ''}"


def _call(low: Lowering, place: Place, node: str, target: Target, inputs: tuple[str, ...]) -> Call:
    moved = place.before.succeeded > 1 or place.base > 0
    return Call(
        id=place.id,
        node=node,
        routine=target.routine,
        inputs=inputs,
        outputs=low.outputs(node),
        opens=place.turn if target.routine is None else None,
        keeps=moved and target.ways.succeeded > 1,
        numbers=place.numbers,
    )


def handle(  # noqa: PLR0913, PLR0917 - the parts of one step
    low: Lowering, place: Place, node: str, handled: Ways, inputs: tuple[str, ...], step: Step
) -> tuple[Handle, Ways]:
    """A step looked after by the node's handler."""
    handler = low.graph.nodes[node].handler
    if handler is None:
        raise AssertionError(f"{node} has no handler")
    target = stand_alone(low, handler.node, place.held)
    ended = handled.ended + handled.failed * target.ways.total
    step_id = f"{place.id}!{handler.node}"
    guarded = Handle(
        step_id,
        node,
        handler.node,
        target.routine,
        inputs,
        (step,),
        place.numbers,
        handled,
        target.ways,
    )
    return guarded, Ways(handled.succeeded, 0, ended)

"""Sources: a routine for one turn, and the routine that each flow runs.

A turn runs the source's node and, when that has given its constraints back, the session
function; the source's handler looks after both. The nodes on the way down to the first
concrete node of a turn get routines of their own, for there, and only there, the source may
end.
"""

from dataclasses import replace
from itertools import pairwise

from flux.graph.model import AbstractNode, Source
from flux.graph.turns import opening_way
from flux.plan.abstract import lower_abstract
from flux.plan.chains import Lowering, Place, handle, lower_bare, stand_alone
from flux.plan.model import Block, Call, Numbers, Routine, Session, SourceLoop, Ways

SESSION_WAYS = Ways(succeeded=1, failed=1, ended=0)


def lower_source(low: Lowering, source: Source) -> SourceLoop:
    """A source's turn, and what becomes of the flows that it starts."""
    way = opening_way(low.graph, source.node)
    _lower_way(low, source.node, way)
    turn = _turn(low, source, source.node if way else None)
    flow = stand_alone(low, source.target, held=0)
    if flow.routine is None:
        raise AssertionError(f"the target {source.target} has no routine")
    return SourceLoop(
        source=source.node,
        target=source.target,
        turn=turn.id,
        opening=way[-1] if way else None,
        flow=flow.routine,
        outputs=turn.outputs,
        ways=turn.ways.then(flow.ways),
        text=str(source),
    )


def _lower_way(low: Lowering, turn: str, way: list[str]) -> None:
    """The routines that open the turn, innermost first."""
    held, entries = 0, []
    for name, opener in pairwise(way):
        entries.append((name, opener, held))
        held |= low.locking.taken(name, held)
    for name, opener, around in reversed(entries):
        node = low.graph.nodes[name]
        if isinstance(node, AbstractNode):
            routine = lower_abstract(low, node, around, turn, opener)
            low.routines[routine.id] = routine


def _turn(low: Lowering, source: Source, opens: str | None) -> Routine:
    """The turn's routine; with a handler, what it looks after is a routine of its own."""
    handled = low.graph.nodes[source.node].handler is not None
    name = f"{'open' if handled else 'turn'} {source.node}"
    body, ways = _opening(low, source, Place(f"{name}/{source.node}", turn=opens))
    routine = Routine(
        id=name,
        node=source.node,
        role="opening" if handled else "turn",
        held=(),
        inputs=(),
        outputs=low.outputs(source.node),
        body=body,
        ways=ways,
        text=(str(source),),
        signature=low.signature(source.node),
    )
    low.routines[name] = routine
    return _with_handler(low, routine) if handled else routine


def _opening(low: Lowering, source: Source, place: Place) -> tuple[Block, Ways]:
    step, ways = lower_bare(low, place, source.node, ())
    if source.session is None:
        return (step,), ways
    numbers = Numbers(0, ways.succeeded, ways.failed, ways.ended)
    outputs = low.outputs(source.node)
    session = Session(f"{place.id}/session", source.session, outputs, numbers)
    return (step, session), ways.then(SESSION_WAYS)


def _with_handler(low: Lowering, opening: Routine) -> Routine:
    node = opening.node
    place = Place(f"turn {node}/{node}")
    call = Call(
        id=place.id,
        node=node,
        routine=opening.id,
        inputs=(),
        outputs=opening.outputs,
        opens=None,
        keeps=False,
        numbers=place.numbers,
    )
    guarded, ways = handle(low, place, node, opening.ways, (), call)
    text = f"handle error {node} -> {guarded.handler};"
    routine = replace(
        opening, id=f"turn {node}", role="turn", body=(guarded,), ways=ways, text=(text,)
    )
    low.routines[routine.id] = routine
    return routine

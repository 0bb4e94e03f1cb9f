"""How many nodes a path can have.

Nodes that run one other node twice double the length at each level, so a text of a few lines may
have paths that nobody can list, though its routines are few.
"""

from collections.abc import Mapping

from flux.plan.model import Block, Call, Dispatch, Handle, Hold, Plan, Session, Step

MOST_NODES = 20_000


def too_long_to_list(plan: Plan, source: str) -> bool:
    """Whether a path from a source can have more nodes than anybody would read."""
    lengths: dict[str, int] = {}
    for routine in plan.routines:  # callees first
        lengths[routine.id] = _block(lengths, routine.body)
    loop = next(loop for loop in plan.sources if loop.source == source)
    return lengths[loop.turn] + lengths[loop.flow] > MOST_NODES


def _block(lengths: Mapping[str, int], block: Block) -> int:
    return sum(_step(lengths, step) for step in block)


def _step(lengths: Mapping[str, int], step: Step) -> int:
    match step:
        case Call(routine=routine):
            return lengths[routine] if routine else 1
        case Hold(body=body):
            return _block(lengths, body)
        case Handle(body=body, routine=routine):
            return _block(lengths, body) + (lengths[routine] if routine else 1)
        case Dispatch(branches=branches):
            return 1 + max(_block(lengths, branch.body) for branch in branches)
        case Session():
            return 1

"""What is taken and given back on each path (`flux check --locks`).

A path is its nodes in order; `[cache?, index: A -> B]` says that `cache` is taken as a reader
and then `index` as a writer, before A, and both are given back after B, in reverse. That a
handler stands outside of a bracket shows what has been given back before it runs.
"""

from collections.abc import Iterator
from itertools import chain, islice

from flux.plan.lengths import too_long_to_list
from flux.plan.model import (
    Block,
    Branch,
    Call,
    Dispatch,
    Handle,
    Hold,
    Numbers,
    Plan,
    Session,
    Step,
)

Way = tuple[str, tuple[str, ...]]
"""How a way ends (`succeeded`, `failed` or `ended`), and what happens on it."""

MOST_PATHS = 100
FIRST = Numbers(base=0, weight=1, failed=0, ended=0)


def lock_report(plan: Plan) -> str:
    """Each source's paths, at most 100, with what is held along them."""
    lines: list[str] = []
    routines = Locks(plan)
    for loop in plan.sources:
        lines.append(loop.text)
        if too_long_to_list(plan, loop.source):
            lines.append(f"  ... {loop.ways.total} paths, too long to be listed")
            continue
        root = (_root(loop.source, loop.turn), _root(loop.target, loop.flow))
        ways = islice(routines.ways(root), MOST_PATHS)
        lines += (f"  {' -> '.join(events)}" for _, events in ways)
        if loop.ways.total > MOST_PATHS:
            lines.append(f"  ... and {loop.ways.total - MOST_PATHS} more paths")
    return "\n".join([*lines, ""])


class Locks:
    """The ways through a Plan, one after the other, with their constraints."""

    def __init__(self, plan: Plan) -> None:
        self._bodies = {routine.id: routine.body for routine in plan.routines}

    def ways(self, block: Block) -> Iterator[Way]:
        """All ways through a block; there may be very many."""
        if not block:
            yield "succeeded", ()
        under_way = [self._step(step) for step in block[:1]]
        behind: list[tuple[str, ...]] = []
        while under_way:
            ending, events = next(under_way[-1], (None, ()))
            if ending is None:
                under_way.pop()
                del behind[-1:]
            elif ending != "succeeded" or len(under_way) == len(block):
                yield ending, (*chain.from_iterable(behind), *events)
            else:
                behind.append(events)
                under_way.append(self._step(block[len(under_way)]))

    def _step(self, step: Step) -> Iterator[Way]:
        match step:
            case Call(routine=None):
                yield from _function(step.node)
            case Call():
                yield from self.ways(self._bodies[step.routine or ""])
            case Session():
                yield "succeeded", ()
                yield "failed", (f"{step.function} fails",)
            case Hold():
                yield from self._hold(step)
            case Handle():
                yield from self._handle(step)
            case Dispatch():
                yield from self._dispatch(step)

    def _hold(self, step: Hold) -> Iterator[Way]:
        taken = ", ".join(map(str, step.takes))
        for ending, events in self.ways(step.body):
            yield ending, (f"[{taken}: {' -> '.join(events)}]",)

    def _handle(self, step: Handle) -> Iterator[Way]:
        for ending, events in self.ways(step.body):
            if ending != "failed":
                yield ending, events
                continue
            body = self._bodies[step.routine] if step.routine else None
            handling = _function(step.handler) if body is None else self.ways(body)
            for _, more in handling:
                yield "ended", events + more

    def _dispatch(self, step: Dispatch) -> Iterator[Way]:
        for branch in step.branches:
            for ending, events in self.ways(branch.body):
                yield ending, (_case(branch), *events)
        for branch in step.branches:
            if branch.failed is not None:
                yield "failed", (f"{_case(branch)} can't be tested",)
        if step.no_match is not None:
            yield "failed", (f"{step.node}: no match",)


def _function(node: str) -> Iterator[Way]:
    yield "succeeded", (node,)
    yield "failed", (f"{node} fails",)


def _case(branch: Branch) -> str:
    return branch.text.partition("=")[0].strip()


def _root(node: str, routine: str) -> Call:
    return Call(node, node, routine, (), (), None, keeps=False, numbers=FIRST)

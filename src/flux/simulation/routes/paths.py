"""What happens on a path: the calls, and what is taken and given back around them, in order.

Theory of operation
-------------------
A path's number is taken apart as `flux.runtime.ways` explains. A block is first made *flat*: a hold
becomes what it takes, its steps, and what it gives back. On a way on which all steps succeed, all
of that happens. Where a step fails, what happens of it comes last, and then whatever is held there
is given back in reverse, so a handler, which stands outside of the failed step, runs behind that.

A number doesn't tell which test of a case that wasn't chosen said no, if it has several: it is
taken to be the first that isn't among those that the chosen case passed.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from flux.plan.model import (
    Block,
    Call,
    Dispatch,
    Handle,
    Numbers,
    Plan,
    Routine,
    Session,
    SourceLoop,
    Ways,
)
from flux.simulation.routes.blocks import (
    FIRST,
    Ending,
    Part,
    called,
    event_of,
    flat,
    guarded,
    handler,
    made,
    start,
)
from flux.simulation.routes.events import Event, Given, Happening, Taken, Way, gathered, held

MOST_KNOWN = 4096
FUNCTION = Ways(succeeded=1, failed=1, ended=0)


class Paths:
    """The paths of one Plan, each as what happens on it."""

    def __init__(self, plan: Plan) -> None:
        self.loops: Mapping[str, SourceLoop] = {loop.source: loop for loop in plan.sources}
        self._routines: Mapping[str, Routine] = {each.id: each for each in plan.routines}
        self._known = lru_cache(MOST_KNOWN)(self._routine)

    def way(self, source: str, number: int) -> Way:
        """What happens on a path, its turn included, and how it ends.

        Raises IndexError for a number that no path has.
        """
        ways = self.loops[source].ways
        if not 0 <= number < ways.total:
            raise IndexError(f"the paths of {source} are numbered from 0 to {ways.total - 1}")
        return gathered(self._any(self.whole(source), ways, number))

    def starts(self, source: str, number: int) -> bool:
        """Whether a path's turn starts a flow; if not, it is that of a failed turn."""
        ways = self.loops[source].ways
        turn, _ = self.whole(source)
        number -= ways.succeeded
        if number < ways.failed:
            return number < 0 or not self._covers("failed", turn, number)
        return not self._covers("ended", turn, number - ways.failed)

    def whole(self, source: str) -> tuple[Call, Call]:
        """A source's turn and its flow, as the two steps of one block."""
        loop = self.loops[source]
        turn = called(source, loop.turn, FIRST)
        ways = self.ways(turn)
        behind = Numbers(0, ways.succeeded, ways.failed, ways.ended)
        return turn, called(loop.target, loop.flow, behind)

    def ways(self, step: Call | Session | Handle) -> Ways:
        """The ways through a call, a session function, or a block with a handler."""
        match step:
            case Call(routine=str() as routine):
                return self._routines[routine].ways
            case Handle(handled=handled, handling=handling):
                ended = handled.ended + handled.failed * handling.total
                return Ways(handled.succeeded, 0, ended)
            case _:
                return FUNCTION

    def body(self, routine: str) -> Block:
        """The steps of a routine."""
        return self._routines[routine].body

    def _any(self, block: Block, total: Ways, number: int) -> Happening:
        if number < total.succeeded:
            return self._succeeded(flat(block), number)
        number -= total.succeeded
        if number < total.failed:
            return self._broken("failed", flat(block), number)
        return self._broken("ended", flat(block), number - total.failed)

    def _succeeded(self, parts: Sequence[Part], number: int) -> Happening:
        """All that happens where all parts succeed."""
        for part in parts:
            match part:
                case Taken() | Given():
                    yield part
                case Dispatch(branches=branches):
                    chosen = [b for b in branches if b.base <= number][-1]
                    yield from made(part, chosen)
                    yield from self._succeeded(flat(chosen.body), number - chosen.base)
                case _:
                    number, own = divmod(number, self.ways(part).succeeded)
                    yield from self._step(part, own)
        return "finished"

    def _step(self, step: Call | Session | Handle, number: int) -> Iterator[Event]:
        match step:
            case Call(routine=str() as routine):
                yield from self._known(routine, number)
            case Handle(body=body):
                yield from self._succeeded(flat(body), number)
            case _:
                yield event_of(step)

    def _routine(self, routine: str, number: int) -> tuple[Event, ...]:
        """What happens in a routine that succeeds; routes of one program share most of it."""
        return tuple(self._succeeded(flat(self.body(routine)), number))

    def _broken(self, kind: Ending, parts: Sequence[Part], number: int) -> Happening:
        """What happens where a part fails, or ends in a handler, and what is given back then."""
        place, part = self._breaking(kind, parts, number)
        if isinstance(part, Dispatch):
            yield from self._succeeded(parts[:place], 0)
            outcome = yield from self._broken_dispatch(kind, part, number)
        else:
            inner, before = divmod(number - start(kind, part), part.numbers.weight)
            yield from self._succeeded(parts[:place], before)
            outcome = yield from self._in(kind, part, inner)
        yield from map(Given, reversed(held(parts[:place])))
        return outcome

    def _breaking(
        self, kind: Ending, parts: Sequence[Part], number: int
    ) -> tuple[int, Call | Session | Handle | Dispatch]:
        """The part that breaks, and its place; cases stand alone in their block."""
        for place, part in enumerate(parts):
            if isinstance(part, Dispatch):
                return place, part
            if not isinstance(part, Taken | Given) and self._covers(kind, part, number):
                return place, part
        raise AssertionError(f"no {kind} way has the number {number}")

    def _broken_dispatch(self, kind: Ending, step: Dispatch, number: int) -> Happening:
        if kind == "failed" and step.no_match == number:
            yield from made(step, None)
            return "failed"
        for branch in step.branches:
            if kind == "failed" and branch.failed == number:
                yield from made(step, branch, fails=True)
                return "failed"
            if any(self._covers(kind, part, number) for part in flat(branch.body)):
                yield from made(step, branch)
                return (yield from self._broken(kind, flat(branch.body), number))
        raise AssertionError(f"no way of {step.id} has the number {number}")

    def _covers(self, kind: Ending, part: Part, number: int) -> bool:
        """Whether a number of its routine's ways stands for one on which this part breaks."""
        if isinstance(part, Taken | Given | Dispatch):
            return False
        size = part.numbers.weight * getattr(self.ways(part), kind)
        return bool(0 <= number - start(kind, part) < size)

    def _in(self, kind: Ending, step: Call | Session | Handle, number: int) -> Happening:
        """What happens within the step that fails or ends."""
        match step:
            case Call(routine=str() as routine):
                return (yield from self._broken(kind, flat(self.body(routine)), number))
            case Handle():
                return (yield from self._handled(step, number))
            case _:
                yield event_of(step, failed=True)
                return "failed"

    def _handled(self, step: Handle, number: int) -> Happening:
        if number < step.handled.ended:
            return (yield from self._only("ended", step.body, number))
        way, failure = divmod(number - step.handled.ended, step.handled.failed)
        yield from self._only("failed", step.body, failure)
        outcome = yield from self._any((handler(step),), step.handling, way)
        return "failed" if outcome == "failed" else "handled"

    def _only(self, kind: Ending, body: Block, number: int) -> Happening:
        """What happens where the one step of a guarded block breaks, which has no own numbers."""
        takes = [part for part in flat(body) if isinstance(part, Taken)]
        yield from takes
        outcome = yield from self._in(kind, guarded(body), number)
        yield from (Given(taken.take) for taken in reversed(takes))
        return outcome

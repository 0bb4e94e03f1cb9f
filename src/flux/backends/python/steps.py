"""Steps of the Plan as statements; each block ends in a return or a raise, if it must.

`tail` are the names that the block hands on, or None where statements follow it: the last
call of a routine can then be returned as it stands. An empty tail drops what the call gives.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from flux.backends.python.names import Names
from flux.backends.python.wrap import call, conditions, given, returned
from flux.backends.writer import Writer
from flux.graph.locking import Take
from flux.graph.model import Scope
from flux.plan.model import Block, Branch, Call, Dispatch, Handle, Hold, Session, Step

Tail = tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Emitter:
    """The pen and the names of one program."""

    out: Writer
    names: Names

    def values(self, names: Sequence[str]) -> list[str]:
        """What the values are called in Python."""
        return [self.names.value(name) for name in names]


def emit_block(e: Emitter, block: Block, tail: Tail, *, last: bool = True) -> None:
    """The statements of a block; `last` says that the routine ends behind it anyway."""
    for step in block[:-1]:
        _emit_step(e, step, None, last=False)
    if block and _returns(block[-1], tail):
        _emit_step(e, block[-1], tail, last=last)
    else:
        if block:
            _emit_step(e, block[-1], None if tail else tail, last=False)
        if tail or (tail is not None and not last):
            e.out.text(returned(e.values(tail), e.out.room))
        elif not block:
            e.out.line("pass")


def _returns(step: Step, tail: Tail) -> bool:
    """Whether the step itself can return what its block hands on."""
    match step:
        case Call(keeps=False, outputs=outputs):
            return tail is not None and bool(tail) and outputs == tail
        case Hold(body=body) | Handle(body=body):
            return tail is not None and bool(tail) and bool(body) and _returns(body[-1], tail)
        case Dispatch():
            return True
        case _:
            return False


def _emit_step(e: Emitter, step: Step, tail: Tail, *, last: bool) -> None:
    match step:
        case Call():
            _emit_call(e, step, tail)
        case Hold():
            _emit_hold(e, step, tail)
        case Handle():
            _emit_handle(e, step, tail)
        case Dispatch():
            _emit_dispatch(e, step, last=last)
        case Session():
            _emit_session(e, step)


def _emit_call(e: Emitter, step: Call, tail: Tail) -> None:
    function, arguments = _called(e, step), e.values(step.inputs)
    if step.routine is not None:
        arguments.insert(0, "flow")
    if tail:
        e.out.text(call(function, arguments, before="return ", room=e.out.room), origin=step.id)
        return
    if step.keeps:
        e.out.line("path, flow.path = flow.path, 0")
    targets = step.outputs if tail is None else ()
    statement = given(function, arguments, e.values(targets), e.out.room)
    e.out.text(statement, origin=step.id)
    if step.keeps:
        weight = step.numbers.weight
        e.out.line(
            f"flow.path = path + {weight} * flow.path" if weight > 1 else "flow.path += path"
        )


def _called(e: Emitter, step: Call) -> str:
    if step.routine is not None:
        return e.names.function("routine", step.routine)
    if step.opens is not None:
        return e.names.function("opening", step.opens)
    return e.names.function("node", step.node)


def _emit_hold(e: Emitter, step: Hold, tail: Tail) -> None:
    first = _taken_together(step.takes)
    rest = step.takes[len(first) :]
    for take in first:
        e.out.line(_lock_call(e, "acquire", take))
    with e.out.block("try:"):
        if rest:
            _emit_hold(e, Hold(rest, step.body), tail)
        else:
            emit_block(e, step.body, tail)
    with e.out.block("finally:"):
        for take in reversed(first):
            e.out.line(_lock_call(e, "release", take))


def _taken_together(takes: tuple[Take, ...]) -> tuple[Take, ...]:
    """The constraints that one `try` gives back.

    A session's lock is found by comparing ids, which are the user's and may fail to compare: what
    was taken before it must be given back then.
    """
    program = tuple(take for take in takes if take.scope is Scope.PROGRAM)
    return program or takes[:1]


def _lock_call(e: Emitter, verb: str, take: Take) -> str:
    session = "flow.session" if take.scope is Scope.SESSION else ""
    return f"{e.names.function(verb, str(take))}({session})"


def _emit_handle(e: Emitter, step: Handle, tail: Tail) -> None:
    with e.out.block("try:"):
        emit_block(e, step.body, tail)
    arguments = ["error", _handler(e, step), *(["flow"] if step.routine else [])]
    with e.out.block("except Exception as error:"):
        ended = call(
            "flow.handle", arguments + e.values(step.inputs), before="raise ", room=e.out.room
        )
        e.out.text(ended, origin=step.id)


def _handler(e: Emitter, step: Handle) -> str:
    if step.routine is not None:
        return e.names.function("routine", step.routine)
    return e.names.function("node", step.handler)


def _emit_dispatch(e: Emitter, step: Dispatch, *, last: bool) -> None:
    for branch in step.branches:
        if not branch.tests:
            _emit_branch(e, branch, last=last)
            return  # a case behind one that always matches is never taken
        tests = [_test(e, test.function, test.input) for test in branch.tests]
        with ExitStack() as blocks:
            for condition in conditions(tests, e.out.room):
                blocks.enter_context(e.out.block(condition, origin=branch.id))
            _emit_branch(e, branch, last=False)
    e.out.line(f'raise flow.no_match("{step.node}")', origin=step.id)


def _test(e: Emitter, function: str, value: str) -> str:
    return f"{e.names.function('predicate', function)}({e.names.value(value)})"


def _emit_branch(e: Emitter, branch: Branch, *, last: bool) -> None:
    if branch.base:
        e.out.line(f"flow.path += {branch.base}")
    if branch.body or branch.outputs or not last or not branch.base:
        emit_block(e, branch.body, branch.outputs, last=last)


def _emit_session(e: Emitter, step: Session) -> None:
    function = e.names.function("session", step.function)
    statement = call(function, e.values(step.inputs), before="flow.session = ", room=e.out.room)
    e.out.text(statement, origin=step.id)

"""Blocks of a Plan as a path meets them: what is taken and tested stands between their steps."""

from collections.abc import Iterator
from typing import Literal

from flux.plan.model import Block, Branch, Call, Dispatch, Handle, Hold, Numbers, Session
from flux.simulation.routes.events import Called, Given, Taken

Ending = Literal["failed", "ended"]

Part = Call | Session | Handle | Dispatch | Taken | Given
"""A piece of a flat block."""

FIRST = Numbers(base=0, weight=1, failed=0, ended=0)


def tried(
    step: Dispatch, chosen: Branch | None, *, fails: bool = False
) -> Iterator[tuple[Branch, Called]]:
    """The tests that are made until a case is chosen, or none is, or one of its own fails."""
    passed = {(test.function, test.input) for test in chosen.tests} if chosen else set()
    for branch in step.branches:
        if branch is chosen and fails:
            yield branch, Called("predicate", branch.tests[0].function, failed=True)
            return
        for test in branch.tests:
            yield branch, Called("predicate", test.function)
            if branch is not chosen and (test.function, test.input) not in passed:
                break
        if branch is chosen:
            return


def made(step: Dispatch, chosen: Branch | None, *, fails: bool = False) -> Iterator[Called]:
    """The calls of these tests."""
    return (called for _, called in tried(step, chosen, fails=fails))


def handler(step: Handle) -> Call:
    """The call of a handler, as the only step of a block."""
    return called(step.handler, step.routine, FIRST)


def guarded(body: Block) -> Call | Session | Handle:
    """The one step that a handler looks after, without the hold around it."""
    (inner,) = (part for part in flat(body) if isinstance(part, Call | Session | Handle))
    return inner


def start(kind: Ending, step: Call | Session | Handle) -> int:
    """How many ways of a kind come before those of a step."""
    return step.numbers.failed if kind == "failed" else step.numbers.ended


def flat(block: Block) -> list[Part]:
    """A block without holds: what they take and give back stands around their steps."""
    parts: list[Part] = []
    for step in block:
        if isinstance(step, Hold):
            parts += map(Taken, step.takes)
            parts += flat(step.body)
            parts += map(Given, reversed(step.takes))
        else:
            parts.append(step)
    return parts


def called(node: str, routine: str | None, numbers: Numbers) -> Call:
    """A call of a routine, or of a function (None), that stands in no plan."""
    return Call(node, node, routine, (), (), None, keeps=False, numbers=numbers)


def event_of(step: Call | Session | Handle, *, failed: bool = False) -> Called:
    """The call of a function by a step."""
    match step:
        case Session(function=function):
            return Called("session", function, failed)
        case Call(opens=None, node=node):
            return Called("node", node, failed)
        case _:
            return Called("opening", step.node, failed)

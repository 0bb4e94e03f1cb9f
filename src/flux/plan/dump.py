"""The Plan as text, for people and golden tests (`flux plan`)."""

from collections.abc import Iterator, Sequence

from flux.plan.contract import fingerprint
from flux.plan.model import (
    Block,
    Branch,
    Call,
    Dispatch,
    Handle,
    Hold,
    Plan,
    Routine,
    Session,
    SourceLoop,
    Step,
    Ways,
)


def as_text(plan: Plan) -> str:
    """Sources, then routines, callees first, a step a line."""
    lines = [f"plan of {plan.name}", fingerprint(plan), ""]
    for loop in plan.sources:
        lines += _source(loop)
    for routine in plan.routines:
        lines += ["", *_routine(routine)]
    return "\n".join([*lines, ""])


def _source(loop: SourceLoop) -> Iterator[str]:
    yield loop.text
    opening = f", opened by {loop.opening}" if loop.opening else ""
    yield f"  turn: {loop.turn}{opening}"
    yield f"  flow: {loop.flow}"
    yield f"  ways: {_ways(loop.ways)}"


def _routine(routine: Routine) -> Iterator[str]:
    held = f" while {', '.join(routine.held)} held" if routine.held else ""
    yield f"routine {routine.id}{_values(routine.inputs)} -> {_values(routine.outputs)}{held}"
    yield from (f"  # {text}" for text in routine.text)
    yield f"  ways: {_ways(routine.ways)}"
    yield from _indented(_block(routine.body))


def _ways(ways: Ways) -> str:
    return f"{ways.succeeded} succeed, {ways.failed} fail, {ways.ended} end in a handler"


def _values(names: Sequence[str]) -> str:
    return f"({', '.join(names)})"


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _block(block: Block) -> Iterator[str]:
    for step in block:
        yield from _step(step)
    if not block:
        yield "nothing"


def _step(step: Step) -> Iterator[str]:
    match step:
        case Call():
            yield _call(step)
        case Session():
            yield f"session = {step.function}{_values(step.inputs)}"
        case Hold():
            yield f"hold {', '.join(map(str, step.takes))}"
            yield from _indented(_block(step.body))
        case Handle():
            yield f"if {step.node} fails: {step.routine or step.handler}{_values(step.inputs)}, end"
            yield from _indented(_block(step.body))
        case Dispatch():
            yield from _dispatch(step)


def _call(step: Call) -> str:
    verb = "open" if step.opens else "call"
    arrow = f" -> {_values(step.outputs)}" if step.outputs else ""
    factor = f"  [path x{step.numbers.weight}]" if step.keeps else ""
    return f"{verb} {step.routine or step.node}{_values(step.inputs)}{arrow}{factor}"


def _dispatch(step: Dispatch) -> Iterator[str]:
    for branch in step.branches:
        yield f"case {_tests(branch)}{f'  [path +{branch.base}]' if branch.base else ''}"
        yield from _indented(_block(branch.body))
    if step.no_match is not None:
        yield "else fail: no match"


def _tests(branch: Branch) -> str:
    return " and ".join(f"{t.function}({t.input})" for t in branch.tests) or "always"

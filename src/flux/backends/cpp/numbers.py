"""Path numbers in C++: as `docs/plan.md` has them, without what goes without saying.

A step whose numbers are all usual ones hands on what came as it is. The register holds 64 bits
and wraps around: a program with more paths than that has no numbers for them.
"""

from flux.plan.model import Handle, Numbers, Ways

REGISTER = 2**64
FUNCTION = Ways(succeeded=1, failed=1, ended=0)


def left(numbers: Numbers, through: Ways) -> str:
    """The numbers of a step that didn't succeed; empty where they change nothing."""
    fields = _before(numbers)
    if numbers.failed and through.failed:
        fields.append(f".failed = {literal(numbers.failed)}")
    if numbers.ended and through.ended:
        fields.append(f".ended = {literal(numbers.ended)}")
    return ", ".join(fields)


def handled(step: Handle) -> str:
    """The numbers of a step that a handler looks after."""
    fields = _before(step.numbers)
    if step.numbers.ended:
        fields.append(f".ended = {literal(step.numbers.ended)}")
    parts = [f".numbers = {{{', '.join(fields)}}}"] if fields else []
    if step.handled != FUNCTION:
        parts.append(f".handled = {ways(step.handled)}")
    if step.handling != FUNCTION:
        parts.append(f".handling = {ways(step.handling)}")
    return f"{{{', '.join(parts)}}}"


def ways(through: Ways) -> str:
    """`{1, 2, 0}`: how many succeed, fail and end in a handler."""
    return f"{{{literal(through.succeeded)}, {literal(through.failed)}, {literal(through.ended)}}}"


def literal(number: int) -> str:
    """A number as the register holds it."""
    number %= REGISTER
    return str(number) if number < REGISTER // 2 else f"{number}U"


def _before(numbers: Numbers) -> list[str]:
    if numbers.weight == 1:
        return []
    base = [f".base = {literal(numbers.base)}"] if numbers.base else []
    return [*base, f".weight = {literal(numbers.weight)}"]

"""Lines that `ruff format` would leave alone: one line, or one item a line."""

from collections.abc import Sequence

COLUMNS = 88


def call(function: str, arguments: Sequence[str], *, before: str, room: int) -> str:
    """`{before}{function}({arguments})` within the columns that remain."""
    line = f"{before}{function}({', '.join(arguments)})"
    if room + len(line) <= COLUMNS or not arguments:
        return line
    return "\n".join([f"{before}{function}(", *(f"    {item}," for item in arguments), ")"])


def given(function: str, arguments: Sequence[str], targets: Sequence[str], room: int) -> str:
    """A call whose outputs go to names: none, one, or a tuple of them."""
    before = f"{', '.join(targets)} = " if targets else ""
    if room + len(before) + len(function) + 1 <= COLUMNS:
        return call(function, arguments, before=before, room=room)
    stacked = "\n".join(["(", *(f"    {item}," for item in targets), ") = "])
    return call(function, arguments, before=stacked, room=room)


def returned(names: Sequence[str], room: int) -> str:
    """`return` with a routine's outputs."""
    line = f"return {', '.join(names)}".rstrip()
    if room + len(line) <= COLUMNS:
        return line
    return "\n".join(["return (", *(f"    {item}," for item in names), ")"])


def conditions(tests: Sequence[str], room: int) -> list[str]:
    """`if a and b:`, or nested: what doesn't pass both goes on behind the blocks anyway."""
    line = f"if {' and '.join(tests)}:"
    if room + len(line) <= COLUMNS:
        return [line]
    return [f"if {test}:" for test in tests]

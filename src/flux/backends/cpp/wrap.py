"""Lines that clang-format would leave alone: one line, or a list broken behind its bracket.

The style is Google's with 100 columns, where a list that doesn't fit goes on the next line as a
whole, or else one item a line (`AlignAfterOpenBracket: AlwaysBreak`, no bin packing).
"""

import re
from collections.abc import Sequence

COLUMNS = 100
CONTINUED = 4


def listed(
    opening: str, items: Sequence[str], closing: str, *, room: int, deeper: int = CONTINUED
) -> str:
    """`{opening}{items}{closing}`, its items `deeper` than the line where they don't fit on it.

    `room` are the columns that the indentation takes away.
    """
    line = f"{opening}{', '.join(items)}{closing}"
    if not items or room + _longest(line) <= COLUMNS:
        return line
    indentation = " " * deeper
    together = f"{indentation}{', '.join(items)}{closing}"
    if room + _longest(together) <= COLUMNS:
        return f"{opening}\n{together}"
    each = [f"{indentation}{item}," for item in items[:-1]]
    return "\n".join([opening, *each, f"{indentation}{items[-1]}{closing}"])


def statement(call: str, items: Sequence[str], *, room: int) -> str:
    """A call, or whatever takes a list in brackets, as a statement of its own."""
    return listed(f"{call}(", items, ");", room=room)


def conditions(tests: Sequence[str], room: int) -> str:
    """`if (a && b) {`, as many on a line as there is room for."""
    lines = ["if ("]
    for number, test in enumerate(tests):
        closing = ") {" if number == len(tests) - 1 else " &&"
        piece = f"{test}{closing}"
        if number and room + len(lines[-1]) + 1 + len(piece) <= COLUMNS:
            lines[-1] += f" {piece}"
        elif number:
            lines.append(f"    {piece}")
        else:
            lines[-1] += piece
    return "\n".join(lines)


def comment(text: str) -> str:
    """A comment of as many lines as it takes."""
    lines = ["//"]
    for word in text.split(" "):
        if len(lines[-1]) + 1 + len(word) > COLUMNS and lines[-1] != "//":
            lines.append("//")
        lines[-1] += f" {word}"
    return "\n".join(lines)


def one_line(name: str) -> str:
    """A file's name as a comment may have it: a line's end in it would end the comment."""
    return re.sub(r"[\\\r\n]", "_", name)


def _longest(text: str) -> int:
    return max(map(len, text.split("\n")))

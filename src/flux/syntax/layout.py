"""Words to lines: where a statement that is too long for one line is broken.

A statement is a row of words, each with the rank of the break that may stand before it. If the row
doesn't fit, it is broken wherever a break of the first rank may stand; what still doesn't fit is
filled, line by line, up to the breaks of the second rank.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

WIDTH = 100
INDENT = "  "


class Rank(IntEnum):
    """How gladly a line is broken before a word."""

    NEVER = 0
    IF_STILL_LONG = 1
    IF_LONG = 2


@dataclass(frozen=True, slots=True)
class Word:
    """Characters that stay together, and what may separate them from those before."""

    text: str
    space: str
    rank: Rank = Rank.NEVER
    on_new_line: bool = False

    @property
    def length(self) -> int:
        """How much it adds to a line."""
        return len(self.space) + len(self.text)


def lay_out(words: Sequence[Word], hanging: str) -> str:
    """The words in lines; those broken at the second rank are indented by `hanging`."""
    rows = [list(words)]
    if any(w.on_new_line for w in words) or not _fits(words, ""):
        rows = list(_rows(words))
    lines: list[str] = []
    for row in rows:
        lines.extend(_fill(row, _indent(row[0], hanging) if lines else "", hanging))
    return "\n".join(lines)


def _fits(words: Sequence[Word], indent: str) -> bool:
    return len(indent) + sum(w.length for w in words) - len(words[0].space) <= WIDTH


def _rows(words: Sequence[Word]) -> Iterator[list[Word]]:
    """The words up to each break that must be or that stands first in rank."""
    row: list[Word] = []
    for word in words:
        if row and (word.on_new_line or word.rank is Rank.IF_LONG):
            yield row
            row = []
        row.append(word)
    yield row


def _indent(first: Word, hanging: str) -> str:
    return INDENT if first.rank is Rank.IF_LONG else hanging


def _fill(row: Sequence[Word], indent: str, hanging: str) -> Iterator[str]:
    """One line, or as many as it takes."""
    line: list[Word] = []
    for part in _parts(row):
        if line and not _fits([*line, *part], indent):
            yield _line(line, indent)
            line, indent = [], hanging
        line.extend(part)
    yield _line(line, indent)


def _parts(row: Sequence[Word]) -> Iterator[list[Word]]:
    """The words between which a line may be broken."""
    part: list[Word] = []
    for word in row:
        if part and word.rank is Rank.IF_STILL_LONG:
            yield part
            part = []
        part.append(word)
    yield part


def _line(words: Sequence[Word], indent: str) -> str:
    return indent + words[0].text + "".join(w.space + w.text for w in words[1:])

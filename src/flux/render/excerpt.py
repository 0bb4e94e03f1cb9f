"""The lines of a text that labels point to, with marks under them.

    21 |   ReadInFromDisk -> Compress -> StoreInCache;
       |   --------------    ^^^^^^^^ takes (int socket, char* raw, int size)
       |   |
       |   gives (int socket, char* raw)

A label becomes a mark on the line where it begins, and one more where it ends if that is
another line; the last of them carries its text. The text of the rightmost mark of a line
stands beside it, as long as no other mark reaches further; the texts of the others hang below,
from right to left, so that no bar crosses a text.

Marks count characters of the line, what is drawn counts columns of the terminal; a `View` maps
one to the other. It shows a very long line only through a window around what is marked: a mark
outside the window stands under the ellipsis at that end.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, groupby, pairwise

from flux.diagnostics import Label
from flux.render.characters import TAB, clean, visible, width
from flux.render.paint import Paint, Style
from flux.source import SourceFile

# The characters of a line that are shown, where it has more.
WINDOW = 100

# The style and the text of each column in which something is drawn.
Row = dict[int, tuple[Style, str]]


@dataclass(frozen=True, slots=True)
class Mark:
    """The characters `start` up to `end` of a line, and what is to be said about them."""

    line: int
    start: int
    end: int
    text: str
    sign: str
    style: Style

    def over(self, row: Row) -> None:
        """Underline the mark, if its places are columns."""
        row |= dict.fromkeys(range(self.start, self.end), (self.style, self.sign))


def excerpt(file: SourceFile, marks: Sequence[Mark], gutter: int, paint: Paint) -> list[str]:
    """The marked lines of a file, each behind its number."""
    empty = paint(f"{'':{gutter}} |", Style.FRAME)
    lines = [empty]
    for number in _with_short_gaps({mark.line for mark in marks}):
        if number is None:
            lines.append(paint("...", Style.FRAME))
            continue
        here = [mark for mark in marks if mark.line == number]
        view = View.of(file.line(number), here)
        frame = paint(f"{number:>{gutter}} |", Style.FRAME)
        lines.append(f"{frame} {view.text}".rstrip())
        lines.extend(f"{empty} {row}" for row in _rows_under(view, here, paint))
    return lines


def _with_short_gaps(numbers: Iterable[int]) -> list[int | None]:
    """Line numbers in order; a gap of one line is filled, a longer one is None."""
    ordered = sorted(numbers)
    lines: list[int | None] = [*ordered[:1]]
    for before, number in pairwise(ordered):
        if number == before + 2:
            lines.append(before + 1)
        elif number > before + 2:
            lines.append(None)
        lines.append(number)
    return lines


def marks_of(label: Label, sign: str, style: Style) -> list[Mark]:
    """The marks of a label: one, or those at both ends if they are on different lines."""
    span = label.span
    first, column = span.file.position(span.start)
    last, end = span.file.position(max(span.start, span.end - 1))
    if first == last:
        width_of_span = span.end - span.start
        return [Mark(first, column - 1, column - 1 + width_of_span, label.text, sign, style)]
    beginning, ending = span.file.line(first), span.file.line(last)
    indent = len(ending) - len(ending.lstrip())
    return [
        Mark(first, column - 1, len(beginning), "", sign, style),
        Mark(last, min(indent, end - 1), end, label.text, sign, style),
    ]


@dataclass(frozen=True, slots=True)
class View:
    """A line as it is shown: its text, and the column of each character from `first` on."""

    text: str
    first: int
    columns: Sequence[int]

    @classmethod
    def of(cls, line: str, marks: Sequence[Mark]) -> "View":
        """A line, or the window of it that shows the first of its marks best."""
        first = max(0, min(marks[0].start - WINDOW // 3, len(line) - WINDOW)) if marks else 0
        shown = line[first : first + WINDOW]
        left = "…" if first else ""
        right = "…" if first + WINDOW < len(line) else ""
        cells = [left, *_expanded(shown, len(left))]
        columns = list(accumulate(sum(map(width, cell)) for cell in cells))
        return cls("".join(cells) + right, first, columns)

    def column(self, place: int) -> int:
        """Where a character stands: under the ellipsis, if it isn't shown."""
        if place < self.first:
            return 0
        return self.columns[min(place - self.first, len(self.columns) - 1)]

    def placed(self, mark: Mark) -> Mark:
        """A mark whose places are columns, and which can be seen."""
        start = self.column(mark.start)
        return replace(mark, start=start, end=max(self.column(mark.end), start + 1))


def _expanded(text: str, column: int) -> Iterable[str]:
    """What is shown for each character, from a column on."""
    for character in text:
        cell = " " * (TAB - column % TAB) if character == "\t" else visible(character)
        column += sum(map(width, cell))
        yield cell


def _rows_under(view: View, marks: Sequence[Mark], paint: Paint) -> list[str]:
    """What is drawn under a line: the marks, and the texts that hang from them."""
    placed = sorted(map(view.placed, marks), key=lambda mark: (mark.start, mark.end))
    hanging = [mark for mark in placed if mark.text]
    underline: Row = {}
    for mark in reversed(marks):  # the first mark is the primary one: it hides the others
        view.placed(mark).over(underline)
    if hanging and hanging[-1].end > max(underline):
        beside = hanging.pop()
        underline[beside.end + 1] = (beside.style, clean(beside.text))
    rows = [underline, _bars(hanging)] if hanging else [underline]
    while hanging:
        lowest = hanging.pop()
        rows.append(_bars(hanging) | {lowest.start: (lowest.style, clean(lowest.text))})
    return [_drawn(row, paint) for row in rows if row]


def _bars(hanging: Iterable[Mark]) -> Row:
    """The bars from which texts hang."""
    return {mark.start: (mark.style, "|") for mark in hanging}


def _drawn(row: Row, paint: Paint) -> str:
    """A row as text, from left to right; neighbours of one style are painted together."""
    line, at = "", 0
    for style, run in groupby(sorted(row), key=lambda column: row[column][0]):
        columns = list(run)
        text = ""
        for column in columns:
            text += " " * (column - at) + row[column][1]
            at = column + 1
        line += paint(text, style)
    return line

"""Tables as text: aligned columns and a name, in as many columns as there are.

A name stands behind its numbers if it fits there, else below them, broken where a path has an
arrow; one path that doesn't fit takes all others with it. Nothing is cut, and nothing reaches a
terminal that it would obey.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from flux.render.characters import clean
from flux.render.characters import width as columns_of
from flux.render.paint import Paint, Style

GAP = "  "
INDENT = "  "
ARROW = " -> "
_BELOW = INDENT * 4
NARROWEST = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, and how it is shown."""

    text: str
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Row:
    """The numbers of something, and its name."""

    cells: tuple[Cell, ...]
    name: Cell


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; `more` says how many are left out. The last heading is the names'."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    more: int = 0


def trimmed(table: Table, limit: int) -> Table:
    """A table with fewer rows."""
    left_out = len(table.rows) - limit
    return replace(table, rows=table.rows[:limit], more=table.more + max(left_out, 0))


def laid_out(table: Table, width: int, paint: Paint) -> Iterator[str]:
    """The lines of a table."""
    yield paint(clean(table.title), Style.BOLD)
    widths = _widths(table)
    room = width - len(INDENT) - sum(widths) - len(GAP) * len(widths)
    room = 0 if any(_is_long_path(row, room) for row in table.rows) else room
    yield paint(_heading(table, widths, room), Style.QUIET)
    for row in table.rows:
        numbers = INDENT + GAP.join(map(_aligned, row.cells, widths, [paint] * len(widths)))
        name = clean(row.name.text)
        if columns(name) <= room:
            yield f"{numbers}{GAP}{paint(name, row.name.style)}"
        else:
            yield numbers.rstrip()
            lines = broken(name, width - len(_BELOW))
            yield from (_BELOW + paint(line, row.name.style) for line in lines)
    if table.more:
        yield paint(f"{INDENT}... and {table.more:,} more", Style.QUIET)


def columns(text: str) -> int:
    """How many columns a visible text takes."""
    return sum(map(columns_of, text))


def broken(name: str, width: int) -> Iterator[str]:
    """The name in lines, those behind the first indented; arrows begin lines."""
    line, room = "", max(width, NARROWEST)
    for piece in _pieces(name):
        if line and columns(line + piece) > room:
            yield line
            line = INDENT + piece.lstrip()
        else:
            line += piece
    yield line


def _pieces(name: str) -> Iterator[str]:
    """The parts of a path, each with the arrow before it."""
    first, *others = name.split(ARROW)
    yield first
    yield from (ARROW + other for other in others)


def _widths(table: Table) -> list[int]:
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    rows = [table.headings[:-1], *cells]
    return [max(map(columns, column)) for column in zip_longest(*rows, fillvalue="")]


def _is_long_path(row: Row, room: int) -> bool:
    return ARROW in row.name.text and columns(clean(row.name.text)) > room


def _heading(table: Table, widths: Sequence[int], room: int) -> str:
    *numbers, name = table.headings
    line = INDENT + GAP.join(map(str.rjust, numbers, widths))
    return f"{line}{GAP}{name}".rstrip() if room > 0 else line


def _aligned(cell: Cell, width: int, paint: Paint) -> str:
    text = clean(cell.text)
    return " " * (width - columns(text)) + paint(text, cell.style)

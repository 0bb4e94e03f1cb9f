"""`if (auto way = …) return …;`: a call, and what follows if it doesn't succeed."""

from collections.abc import Sequence
from typing import NamedTuple

from flux.backends.cpp.wrap import COLUMNS, listed, statement
from flux.backends.writer import Writer

CONDITION = 8  # columns that what a condition lists stands behind its `if`


class Called(NamedTuple):
    """A call to be written: the function, its arguments, and the step that it carries out."""

    function: str
    arguments: tuple[str, ...]
    origin: str

    def __str__(self) -> str:
        return f"{self.function}({', '.join(self.arguments)})"


def emit_guard(
    out: Writer, called: Called, leaving: Called | None, kept: Sequence[str] = ()
) -> None:
    """Call, and leave the routine if that doesn't succeed; `kept` are copied before."""
    copies = f"auto kept = flux::copies({', '.join(kept)}); " if kept else ""
    line = f"if ({copies}auto way = {called}) return {leaving or 'way'};"
    if out.room + len(line) <= COLUMNS:
        out.line(line, origin=called.origin)
        return
    with out.block(_condition(called, kept, copies, out.room), "}", origin=called.origin):
        if leaving is None:
            out.line("return way;")
        else:
            text = statement(f"return {leaving.function}", leaving.arguments, room=out.room)
            out.text(text, origin=leaving.origin)


def braced(opening: str, items: Sequence[str], room: int) -> str:
    """A variable made from a list of things."""
    return listed(f"{opening}{{", items, "};", room=room)


def _condition(called: Called, kept: Sequence[str], copies: str, room: int) -> str:
    line = f"if ({copies}auto way = {called}) {{"
    if room + len(line) <= COLUMNS:
        return line
    if not kept:
        return _alone(called, room)
    opening = f"auto way = {called.function}("
    first = listed("if (auto kept = flux::copies(", kept, ");", room=room, deeper=CONDITION)
    rest = listed(f"    {opening}", called.arguments, ")) {", room=room, deeper=CONDITION)
    return f"{first}\n{rest}"


def _alone(called: Called, room: int) -> str:
    """A condition without copies; a call on what is made for it stands whole on its own line."""
    whole = f"{' ' * CONDITION}{called}) {{"
    if called.function.startswith("flux::") and room + len(whole) <= COLUMNS:
        return f"if (auto way =\n{whole}"
    opening = f"if (auto way = {called.function}("
    return listed(opening, called.arguments, ")) {", room=room, deeper=CONDITION)

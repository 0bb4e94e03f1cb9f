"""A comparison as a person reads it: the ratio first, and quietly what may be chance."""

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

from flux.profile.comparison import ERRORS, Change, Comparison
from flux.profile.estimates import Estimate
from flux.profile.model import Profile
from flux.profile.ranking import FEW
from flux.profile.table import NARROWEST, Cell, Row, Table, laid_out
from flux.profile.text import measured, served
from flux.profile.units import digits, duration, share
from flux.render.characters import clean
from flux.render.paint import Paint, Style

FLOWS = {
    "time": "time of a flow",
    "count": "flows a second",
    "cpu": "processor time of a flow",
    "wait": "a flow's waiting for constraints",
}
CALLS = {
    "time": "time of a call",
    "count": "calls a second",
    "cpu": "processor time of a call",
    "wait": "what a call is parked",
}


class Side(NamedTuple):
    """One of both profiles, and where it is from."""

    origin: str
    profile: Profile


def as_text(
    comparison: Comparison, sides: tuple[Side, Side], limit: int, width: int, paint: Paint
) -> str:
    """What has changed, view by view."""
    parts = [list(_header(comparison, sides, width))]
    tables = (table for table in _tables(comparison, limit) if table.rows)
    parts += [list(laid_out(table, width, paint)) for table in tables]
    parts.append(
        [
            paint(
                f"~ may be chance: within {ERRORS} standard errors, or fewer than {FEW} values",
                Style.QUIET,
            )
        ]
    )
    return "\n\n".join("\n".join(lines) for lines in parts) + "\n"


def _header(comparison: Comparison, sides: tuple[Side, Side], width: int) -> Iterator[str]:
    """What is compared with what."""
    for letter, side in zip("AB", sides, strict=True):
        words = [side.profile.program, *served(side.profile.server)]
        line = f"{letter}  {side.origin}: {', '.join(words)}; {'; '.join(measured(side.profile))}"
        yield from wrap(clean(line), max(width, NARROWEST), subsequent_indent="   ")
    if comparison.same_program is False:
        differ = (
            "The programs differ: their fingerprints aren't the same. What has the same name is"
            " compared."
        )
        yield from ["", *wrap(differ, max(width, NARROWEST))]


def _tables(comparison: Comparison, limit: int) -> Iterator[Table]:
    by = comparison.by
    cost = _per_second if by == "count" else duration
    taking = "takings a second" if by == "count" else "waiting for a constraint"
    good = 0 if by == "count" else 1
    yield _table(f"All flows: {FLOWS[by]}", "", (comparison.flows,), 1, _Kind(cost, good))
    yield _table(f"Paths: {FLOWS[by]}", "path", comparison.paths, limit, _Kind(cost, good))
    yield _table(f"Nodes: {CALLS[by]}", "node", comparison.nodes, limit, _Kind(cost, good))
    yield _table(
        f"Constraints: {taking}", "constraint", comparison.constraints, limit, _Kind(cost, good)
    )
    yield _table("Cases: how probable", "case", comparison.cases, limit, _Kind(_share, 0))


class _Kind(NamedTuple):
    """How the values of a view are shown, and whether more of them is bad (1) or neither (0)."""

    shown: Callable[[float], str]
    bad: int


def _table(title: str, heading: str, changes: Sequence[Change], limit: int, kind: _Kind) -> Table:
    known = [change for change in changes if change.before or change.after]
    rows = tuple(_row(change, kind) for change in known[:limit])
    headings = ("ratio", "A", "B", "change", heading)
    return Table(title, headings, rows, max(len(known) - limit, 0))


def _row(change: Change, kind: _Kind) -> Row:
    style = _style(change, kind)
    values = (Cell(_value(each, kind), style) for each in (change.before, change.after))
    cells = (Cell(_ratio(change), style), *values, Cell(_difference(change, kind), style))
    quiet = Style.QUIET if change.noise else Style.PLAIN
    return Row(cells, Cell(change.name, quiet))


def _style(change: Change, kind: _Kind) -> Style:
    """Red for what costs more, green for what costs less, grey for what may be chance."""
    if change.noise:
        return Style.QUIET
    if not kind.bad or change.before is None or change.after is None:
        return Style.PLAIN
    return Style.ERROR if change.after.value > change.before.value else Style.HELP


def _ratio(change: Change) -> str:
    if change.before is None:
        return "new"
    if change.after is None:
        return "gone"
    mark = "~" if change.noise else ""
    return f"{mark}{digits(change.ratio)}x" if change.ratio is not None else f"{mark}-"


def _difference(change: Change, kind: _Kind) -> str:
    if change.before is None or change.after is None:
        return ""
    difference = change.after.value - change.before.value
    return f"{'-' if difference < 0 else '+'}{kind.shown(abs(difference))}"


def _value(estimate: Estimate | None, kind: _Kind) -> str:
    return kind.shown(estimate.value) if estimate else "-"


def _per_second(value: float) -> str:
    return f"{digits(value)}/s"


def _share(value: float) -> str:
    return share(value, 1)

"""The text of `flux top`: an interval's hot paths, nodes and constraints, and the live flows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from textwrap import wrap

from flux.profile.flows import LiveFlow, LiveFlows, State
from flux.profile.ranking import By
from flux.profile.table import NARROWEST, Cell, Row, Table, laid_out, trimmed
from flux.profile.text import header
from flux.profile.units import duration, number
from flux.profile.views import constraints_view, nodes_view, paths_view
from flux.profile.watching import View
from flux.render.characters import clean
from flux.render.paint import Paint, Style

MOST = 10
VIEWS = (paths_view, nodes_view, constraints_view)
WORDS: dict[State, str] = {"runs": "running", "waits": "waiting", "queued": "queued"}
STATES: dict[State, Style] = {"runs": Style.PLAIN, "waits": Style.WARNING, "queued": Style.OTHER}


def fitted(view: View, by: By, width: int, height: int, paint: Paint) -> list[str]:
    """The lines of a view, with as many rows to a table as there is room for."""
    tables = list(_tables(view, by, MOST))
    limits = [1] * len(tables)
    lines = list(_lines(view, tables, limits, width, paint))
    for limit, place in product(range(2, MOST + 1), range(len(tables))):
        tried = [*limits[:place], limit, *limits[place + 1 :]]
        longer = list(_lines(view, tables, tried, width, paint))
        if len(longer) <= height:
            limits, lines = tried, longer
    return lines[:height]


def seen(view: View, by: By, limit: int, width: int, paint: Paint) -> Iterator[str]:
    """The lines of a view, with so many rows to a table."""
    tables = list(_tables(view, by, limit))
    yield from _lines(view, tables, [limit] * len(tables), width, paint)


def _lines(
    view: View, tables: Sequence[Table], limits: Sequence[int], width: int, paint: Paint
) -> Iterator[str]:
    if view.trouble:
        yield from (paint(line, Style.WARNING) for line in _wrapped(view.trouble, width))
    if view.profile is None and not view.trouble:
        yield "looking ..."
    if view.profile is not None:
        yield from header(view.profile, width, paint)
    for table, limit in zip(tables, limits, strict=True):
        yield ""
        yield from laid_out(trimmed(table, limit), width, paint)


def _wrapped(text: str, width: int) -> list[str]:
    return wrap(clean(text), max(width, NARROWEST))


def _tables(view: View, by: By, limit: int) -> Iterator[Table]:
    tables = []
    if view.profile is not None:
        tables += [each(view.profile, by, limit) for each in VIEWS]
    if view.flows is not None:
        tables.append(flows_view(view.flows, limit))
    return (table for table in tables if table.rows)


def flows_view(live: LiveFlows, limit: int) -> Table:
    """The flows that live, the oldest first."""
    states = Counter(flow.state for flow in live.flows)
    counts = (f"{number(states[state])} {word}" for state, word in WORDS.items() if states[state])
    summary = ", ".join(counts)
    more = f", {number(live.more)} more" if live.more else ""
    share = f"; one in {live.every} is looked at" if live.every > 1 else ""
    rows = tuple(_row(flow) for flow in live.flows[:limit])
    beyond = max(len(live.flows) - limit, 0) + live.more
    return Table(f"Live flows: {summary}{more}{share}", ("age", "state", "flow"), rows, beyond)


def _row(flow: LiveFlow) -> Row:
    """A flow, how old it is, and where it is."""
    place = f" in {flow.node}" if flow.node else ""
    holds = f", holds {', '.join(flow.holds)}" if flow.holds else ""
    awaits = f", awaits {flow.awaits}" if flow.awaits else ""
    name = f"{flow.source} => {flow.target}{place}{holds}{awaits}"
    cells = (Cell(duration(flow.age)), Cell(flow.state, STATES[flow.state]))
    return Row(cells, Cell(name))

"""Paths by number and by name (paper, section 5.2). `flux.runtime.ways` has the theory.

Running programs name their paths by the same code, from the Plan's JSON.
"""

from collections.abc import Iterator

from flux.plan.contract import as_dict
from flux.plan.lengths import too_long_to_list
from flux.plan.model import Plan
from flux.runtime.ways import Ways

TOO_LONG = "(too long to be listed)"


def path_count(plan: Plan, source: str) -> int:
    """How many paths lead from a source to an end, error ends and handlers included."""
    return next(loop.ways.total for loop in plan.sources if loop.source == source)


def path_name(plan: Plan, source: str, number: int) -> str:
    """The nodes on a path. Raises IndexError for a number that no path has."""
    if too_long_to_list(plan, source):
        return TOO_LONG
    return Ways(as_dict(plan)).name(source, number)


def path_names(plan: Plan, source: str, limit: int) -> Iterator[tuple[int, str]]:
    """The first paths with their names; none where they have no end to speak of."""
    if too_long_to_list(plan, source):
        return
    ways = Ways(as_dict(plan))
    for number in range(min(limit, path_count(plan, source))):
        yield number, ways.name(source, number)

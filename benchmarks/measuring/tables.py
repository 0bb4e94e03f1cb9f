"""Tables as Markdown: medians with their extremes, ratios within rounds."""

import math
import statistics
from collections.abc import Iterable, Sequence
from itertools import chain

from measuring.load import Sample

Row = Sequence[str]

ERRORS = ("errors", "stuck", "load generator busy")


def table(head: Row, rows: Iterable[Row]) -> str:
    """Lines of cells; all columns but the first are numbers."""
    ruler = ["---", *("--:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in chain([head, ruler], rows))


def spread(values: Sequence[float], digits: int = 0) -> str:
    """The median, and the extremes beside it."""
    return f"{_number(statistics.median(values), digits)} ({extremes(values, digits)})"


def extremes(values: Sequence[float], digits: int = 0) -> str:
    """The least and the most."""
    return f"{_number(min(values), digits)} to {_number(max(values), digits)}"


def tail(values: Sequence[float]) -> list[str]:
    """The median, the 99th percentile, and the most."""
    figures = (statistics.median(values), statistics.quantiles(values, n=100)[98], max(values))
    return [_number(each, 1) for each in figures]


def summary(values: Sequence[float]) -> dict[str, object]:
    """What is kept of thousands of values, which would fill a file of results."""
    percentiles = [round(each, 3) for each in statistics.quantiles(values, n=100)]
    return {"count": len(values), "percentiles": percentiles, "most": max(values)}


def ratio(ours: Sequence[float], theirs: Sequence[float], digits: int = 2) -> str:
    """The median of the ratios within a round, and their extremes."""
    pairs = zip(ours, theirs, strict=True)
    return spread([one / other if other else math.inf for one, other in pairs], digits)


def errors(samples: Sequence[Sample]) -> Row:
    """The cells of ERRORS: what went wrong in all rounds together, and the load generator's use."""
    busiest = max(sample.busy for sample in samples)
    counts = (sum(each.errors for each in samples), sum(each.stuck for each in samples))
    return (*map(str, counts), f"{busiest:.0%}")


def _number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}"

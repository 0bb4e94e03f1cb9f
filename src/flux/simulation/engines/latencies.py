"""Latencies, added up part by part of a run, in an order that both engines keep to.

The bucket of a time stands in its bits: in a double, the exponent comes first and then the part
within the octave. So buckets cost no logarithm, and both engines find the same ones.
"""

import sys
from array import array
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from math import fsum
from operator import mul

from flux.simulation.result import SHORTEST, Latencies

PARTS = 20

# The upper words of doubles, and what of them is no part of a bucket.
_UPPER = slice(1 if sys.byteorder == "little" else 0, None, 2)
_REST = 12
_FIRST = array("I", array("d", [SHORTEST]).tobytes())[_UPPER][0] >> _REST


def parts(flows: int) -> list[int]:
    """How many flows end in each part of a run: as many in all as nearly as can be."""
    bounds = [flows * part // PARTS for part in range(PARTS + 1)]
    sizes = (after - before for before, after in pairwise(bounds))
    return [size for size in sizes if size]


def together(routes: Iterable[Iterable[Latencies]]) -> Latencies:
    """Those of all sources and routes in one."""
    parts = [each for source in routes for each in source]
    counts = Counter[int]()
    for part in parts:
        counts.update(part.buckets)
    return Latencies(
        count=sum(part.count for part in parts),
        total=fsum(part.total for part in parts),
        squares=fsum(part.squares for part in parts),
        longest=max((part.longest for part in parts), default=0.0),
        buckets=dict(sorted(counts.items())),
    )


class Tally:
    """Of the flows that went one route."""

    def __init__(self) -> None:
        self._count = 0
        self._total = 0.0
        self._squares = 0.0
        self._longest = 0.0
        self._words: Counter[int] = Counter()

    def add(self, times: Sequence[float]) -> float:
        """Add those of one more part, and tell their sum."""
        total = added(0.0, times)
        self._count += len(times)
        self._total += total
        self._squares = added(self._squares, map(mul, times, times))
        self._longest = max(self._longest, *times)
        self._words.update([word >> _REST for word in _upper_words(times)])
        return total

    def latencies(self) -> Latencies:
        """All of them."""
        buckets = Counter[int]()
        for word, count in sorted(self._words.items()):
            buckets[max(word - _FIRST, 0)] += count
        return Latencies(self._count, self._total, self._squares, self._longest, dict(buckets))


def added(total: float, times: Iterable[float]) -> float:
    """The sum of a total and of times, added one after the other.

    `sum` does so, but not from Python 3.12 on.
    """
    if sys.version_info >= (3, 12):
        total = deque(accumulate(times, initial=total), maxlen=1).pop()
    else:
        total = sum(times, total)
    return total


def _upper_words(times: Sequence[float]) -> Sequence[int]:
    return array("I", array("d", times).tobytes())[_UPPER]

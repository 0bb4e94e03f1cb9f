"""Latencies, added up part by part of a run, in an order that both engines keep to."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import fsum, log2

from flux.simulation.result import BUCKETS, Latencies

PARTS = 20

# log2(10^9) times the buckets of an octave: times are in seconds, buckets count from 1 ns.
OFFSET = 3826.8611653102416
SHORTEST = 1e-9


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
        self._buckets: Counter[int] = Counter()

    def add(self, times: Sequence[float]) -> float:
        """Add those of one more part, and tell their sum.

        The loop is plain, for `sum` rounds differently from Python 3.12 on.
        """
        total, squares = 0.0, self._squares
        for time in times:
            total += time
            squares += time * time
        self._count += len(times)
        self._total += total
        self._squares = squares
        self._longest = max(self._longest, *times)
        long = times if min(times) > SHORTEST else [time for time in times if time > SHORTEST]
        self._buckets.update(map(int, [log * BUCKETS + OFFSET for log in map(log2, long)]))
        if len(long) < len(times):
            self._buckets[0] += len(times) - len(long)
        return total

    def latencies(self) -> Latencies:
        """All of them."""
        buckets = dict(sorted(self._buckets.items()))
        return Latencies(self._count, self._total, self._squares, self._longest, buckets)

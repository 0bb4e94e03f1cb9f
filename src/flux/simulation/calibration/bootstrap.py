"""What else a server might have measured: profiles drawn anew, for the uncertainty of calibration.

A histogram of n values is drawn again as n values out of itself, which is the bootstrap: counts of
buckets are multinomial, drawn one after the other as binomial ones. So are the counts of paths. All
processor time that a process used is known exactly and isn't drawn, so a draw in which nodes need
less has more overhead.

Of calls that were timed in a share of the flows only, that share is drawn, and each counts for as
many as it stands for.
"""

from collections.abc import Iterator, Sequence
from math import log1p, sqrt
from random import Random

import msgspec

from flux.profile.histogram import Histogram, middle
from flux.profile.model import Node, Path, Profile, Source

_MANY = 30.0
"""With as many hits and misses expected, the binomial distribution is as good as normal."""


def resampled(profile: Profile, random: Random) -> Profile:
    """A profile as it might have been."""
    return msgspec.structs.replace(
        profile,
        paths=_paths(profile.paths, random),
        nodes=tuple(_node(node, profile.share, random) for node in _sampled(profile, random)),
        sources=tuple(_source(source, random) for source in profile.sources),
    )


def _paths(paths: Sequence[Path], random: Random) -> tuple[Path, ...]:
    counts = multinomial([path.count for path in paths], random)
    return tuple(
        msgspec.structs.replace(path, count=count)
        for path, count in zip(paths, counts, strict=True)
    )


def _sampled(profile: Profile, random: Random) -> Iterator[Node]:
    """The nodes, with samples of Python's lock that found something computing divided anew."""
    gil, found = profile.gil, [node.released for node in profile.nodes]
    if gil is None:
        yield from profile.nodes
        return
    others = max(gil.held + gil.released - sum(found), 0)
    drawn = multinomial([*found, others], random)
    for node, released in zip(profile.nodes, drawn, strict=False):
        yield msgspec.structs.replace(node, released=released)


def _node(node: Node, share: float, random: Random) -> Node:
    wall, cpu = redrawn(node.wall, random, share), redrawn(node.cpu, random)
    return msgspec.structs.replace(node, wall=wall, cpu=cpu)


def _source(source: Source, random: Random) -> Source:
    return msgspec.structs.replace(source, gaps=redrawn(source.gaps, random))


def redrawn(histogram: Histogram, random: Random, share: float = 1.0) -> Histogram:
    """As many values, each one of the histogram's; only that share of them was measured."""
    size = sum(count for _, count in histogram.buckets)
    if not histogram.total or not size:
        return histogram
    measured = max(round(size * share), 1) if share < 1 else size
    counts = multinomial([count for _, count in histogram.buckets], random, measured)
    filled = [(bucket, n) for (bucket, _), n in zip(histogram.buckets, counts, strict=True) if n]
    buckets = tuple((bucket, n * size // measured) for bucket, n in filled)
    scale = histogram.total / max(_total(histogram.buckets), 1.0)
    total = round(_total(filled) * scale * size / measured)
    return Histogram(histogram.count, total, histogram.max, buckets)


def multinomial(counts: Sequence[int], random: Random, size: int | None = None) -> list[int]:
    """As many as there are in all, or as are said, divided with the same probabilities."""
    outstanding = sum(counts)
    left = outstanding if size is None else size
    drawn = []
    for count in counts:
        n = binomial(left, count / outstanding, random) if outstanding else 0
        drawn.append(n)
        left, outstanding = left - n, outstanding - count
    return drawn


def binomial(n: int, p: float, random: Random) -> int:
    """How many of n succeed, each with the probability p."""
    if p > 0.5:  # noqa: PLR2004 - a half
        return n - binomial(n, 1 - p, random)
    if n * p > _MANY:
        drawn = random.gauss(n * p, sqrt(n * p * (1 - p)))
        return min(max(round(drawn), 0), n)
    return _few(n, p, random) if p else 0


def _few(n: int, p: float, random: Random) -> int:
    """The misses before each hit are geometric."""
    hits, place = 0, 0
    while True:
        place += 1 + int(log1p(-random.random()) / log1p(-p))
        if place > n:
            return hits
        hits += 1


def _total(buckets: Sequence[tuple[int, int]]) -> float:
    return sum(count * middle(bucket) for bucket, count in buckets)

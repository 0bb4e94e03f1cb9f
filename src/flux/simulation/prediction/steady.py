"""When a run has settled, and whether it has.

The warm-up is found by MSER (White, "An effective truncation heuristic for bias reduction in
simulation output", 1997) on the means of a pilot's twenty parts: as much is cut off the beginning
as makes the standard error of the rest smallest, half of it at most.

Whether there is a trend in what was observed, the test of Mann and Kendall tells: it counts pairs
of parts in which the later one is slower. It looks at means over all runs, so it finds small
trends, and those that are both beyond chance and of some size count.
"""

from collections.abc import Sequence
from itertools import combinations
from math import sqrt
from statistics import fmean, pvariance

LEAST_WARMUP = 0.1
"""What of the flows that count is the least to let go by first."""

BEYOND_CHANCE = 2.576
"""Of a normal value, 99 % are nearer to 0."""

NOTABLE = 0.05


def averaged(runs: Sequence[Sequence[float]]) -> list[float]:
    """The means of each part over several runs."""
    return [fmean(part) for part in zip(*runs, strict=True)]


def warm_up(parts: Sequence[float], flows: int) -> int:
    """How many flows to let go by, after pilots of so many in equal parts."""
    cut = truncation(parts) * flows / max(len(parts), 1)
    return max(round(cut), round(flows * LEAST_WARMUP))


def truncation(parts: Sequence[float]) -> int:
    """How many parts at the beginning to leave out."""
    most = len(parts) // 2
    return min(range(most + 1), key=lambda cut: _mser(parts[cut:]), default=0)


def trend(parts: Sequence[float]) -> float:
    """By how much of the mean the second half is slower than the first; 0 if by chance."""
    if abs(kendall(parts)) < BEYOND_CHANCE:
        return 0.0
    half, whole = len(parts) // 2, fmean(parts)
    change = (fmean(parts[-half:]) - fmean(parts[:half])) / whole if whole else 0.0
    return change if abs(change) >= NOTABLE else 0.0


def kendall(parts: Sequence[float]) -> float:
    """How many standard deviations the order of parts is from having no trend."""
    pairs = list(combinations(parts, 2))
    if not pairs:
        return 0.0
    score = sum((later > earlier) - (later < earlier) for earlier, later in pairs)
    count = len(parts)
    deviation = sqrt(count * (count - 1) * (2 * count + 5) / 18)
    return (score - (score > 0) + (score < 0)) / deviation


def _mser(parts: Sequence[float]) -> float:
    return pvariance(parts) / len(parts) if parts else 0.0

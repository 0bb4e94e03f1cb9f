"""Schedules that are like most: else chance would be what is compared.

What flows happen to need, and in which order, makes the mean latency of a few seconds differ from
one draw to the next: that of 3.5 s of the image server at a utilisation of 0.7 by 6 %, of 6 s at
0.9 by 9 %. No prediction could know of it. So needs are drawn many times for the same arrivals, and
that draw is run in which flows wait about as long as in all of them on average: in a queue in front
of what is tightest, first come, first served, at the point's utilisation. What servers do has no
part in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heapreplace
from random import Random
from statistics import fmean

from observing.schedules import Need, Needs, Planned, arrivals

DRAWS = 99


@dataclass(frozen=True, slots=True)
class Queue:
    """What is tightest: so many of them, and for how long a flow needs one, in any unit."""

    servers: int
    needed: Callable[[Need], float]


@dataclass(frozen=True, slots=True)
class Load:
    """Flows a second, for how many seconds, and the utilisation that they make."""

    rate: float
    seconds: float
    utilisation: float


def typical(load: Load, needs: Needs, queue: Queue, seed: int) -> list[Planned]:
    """Flows that come by chance, and need what makes them wait as usual."""
    random = Random(seed)  # noqa: S311 - nothing secret
    dues = arrivals(load.rate, load.seconds, random)
    draws = [needs(random, len(dues)) for _ in range(DRAWS)]
    long = fmean(queue.needed(need) for draw in draws for need in draw)
    unit = load.utilisation * queue.servers / load.rate / long
    waits = [_waiting(dues, draw, queue, unit) for draw in draws]
    usual = fmean(waits)
    chosen = min(range(DRAWS), key=lambda number: abs(waits[number] - usual))
    return list(map(Planned, dues, draws[chosen]))


def _waiting(dues: Sequence[float], needs: Sequence[Need], queue: Queue, unit: float) -> float:
    """For how long flows wait on average, by the recursion of Kiefer and Wolfowitz (1955)."""
    free, waited = [0.0] * queue.servers, 0.0
    heapify(free)
    for due, need in zip(dues, needs, strict=True):
        start = max(due, free[0])
        waited += start - due
        heapreplace(free, start + unit * queue.needed(need))
    return waited / len(dues)

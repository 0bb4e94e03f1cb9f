"""When flows fall due and what they need, drawn before a run: the simulator gets the same arrivals.

A schedule is a file with a line for each flow: when it is due, in seconds after the start, and then
what the server or its load generator has to know of it.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

PAUSE = 0.5
"""Seconds before each of several schedules that are simulated one after the other: servers began
each of them empty."""

Need = tuple[float, ...]
Needs = Callable[[Random, int], Sequence[Need]]
"""Draws what so many flows need."""


class Planned(NamedTuple):
    """A flow of a schedule."""

    due: float
    needs: Need


def drawn(rate: float, seconds: float, seed: int, needs: Needs) -> list[Planned]:
    """Flows that come by chance, and need what chance says."""
    random = Random(seed)  # noqa: S311 - nothing secret
    dues = arrivals(rate, seconds, random)
    return list(map(Planned, dues, needs(random, len(dues))))


def arrivals(rate: float, seconds: float, random: Random) -> list[float]:
    """When flows that come by chance (Poisson) are due; at least one."""
    dues = [0.0]
    while dues[-1] < seconds:
        dues.append(dues[-1] + random.expovariate(rate))
    return dues[1:]


def write(schedule: Sequence[Planned], path: Path) -> Path:
    """Write its lines."""
    lines = (" ".join(f"{number:.9g}" for number in (due, *needs)) for due, needs in schedule)
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def gaps(schedules: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """The times between the flows of several schedules, one after the other."""
    found: list[float] = []
    for dues in schedules:
        found += [PAUSE + dues[0], *(b - a for a, b in pairwise(dues))]
    return tuple(found)


def resting(schedules: Sequence[Sequence[float]]) -> float:
    """Which part of the time of these gaps is pauses."""
    return PAUSE * len(schedules) / sum(gaps(schedules))

"""Two ways to serve, compared in many short slices that take turns.

A machine's speed drifts within seconds by more than a profile costs, and where a process happens to
lie in memory moves it by a percent or two. So a round has both ways in slices of a fifth of a
second, A B B A, then B A A B, in which steady drifts cancel. Each four slices give a ratio, and
their median is the round's, for whatever disturbs a slice may cost more than what is measured.
Each round has servers of its own; the rounds give the mean and its interval.

Nothing counts right after a change: the processor, and Python, have to learn the other code first.
"""

import json
import math
import statistics
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from measuring.builds import program
from measuring.load import Load
from measuring.processes import LOAD_CORE, Command, Served, on_core

ROUNDS = 10
FOURS = 24  # an even number: as many of each order
SECONDS = 0.2
LEARNING = 0.05  # seconds after a change
T_95 = 2.262  # Student's t for 95 %, with nine degrees of freedom

_ORDERS = ((0, 1, 1, 0), (1, 0, 0, 1))


class Way(NamedTuple):
    """One way to serve, what brings the server to it, and what is asked of it."""

    server: Served
    begin: Callable[[], object]
    load: Load


class Slice(NamedTuple):
    """What came of one: seconds of the server's CPU, good replies, and those that were wrong."""

    cpu: float
    replies: int
    errors: int

    @property
    def cost(self) -> float:
        """Microseconds of CPU for a reply."""
        return self.cpu / max(1, self.replies) * 1e6


class Round(NamedTuple):
    """The slices of either way, in their order: two of each in every four."""

    ours: list[Slice]
    theirs: list[Slice]

    @property
    def added(self) -> float:
        """What the first way adds to the CPU of the second, as a share of it."""
        places = range(0, len(self.ours), 2)
        ratios = [_cost(self.ours, place) / _cost(self.theirs, place) for place in places]
        return statistics.median(ratios) - 1


class Mean(NamedTuple):
    """The mean of what ten rounds have added, and half of its 95 % interval."""

    value: float
    half: float


def compare(ours: Way, theirs: Way) -> Round:
    """Let both ways serve, in turns."""
    ways, measured = (ours, theirs), Round([], [])
    before = None
    for which in (which for four in range(FOURS) for which in _ORDERS[four % 2]):
        way = ways[which]
        if way is not before:
            way.begin()
            _put(way, LEARNING)
        measured[which].append(_put(way, SECONDS))
        before = way
    return measured


def mean_added(rounds: Sequence[Round]) -> Mean:
    """The mean over all rounds, by Student's t."""
    added = [each.added for each in rounds]
    return Mean(statistics.mean(added), T_95 * statistics.stdev(added) / math.sqrt(len(added)))


def _cost(slices: Sequence[Slice], place: int) -> float:
    return sum(each.cost for each in slices[place : place + 2])


def _put(way: Way, seconds: float) -> Slice:
    """Put load on a server of one process."""
    load = replace(way.load, seconds=seconds)
    command: Command = [program("load"), "--port", str(way.server.port), *load.words()]
    before = way.server.own_cpu_seconds()
    counts = json.loads(subprocess.check_output(on_core(LOAD_CORE, command)))
    used = way.server.own_cpu_seconds() - before
    return Slice(used, counts["replies"], sum(counts["failures"].values()))

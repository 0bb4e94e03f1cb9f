"""How many of a source's flows are timed, and for how many each of these stands.

A flow's stamps may take longer than what it does. So all flows are timed while they come slowly,
and thousands of a rush as well; of more, it is a share, by chance, and each that is timed counts
for as many as it stands for. The share follows from the flows before, never from the flow itself,
so sums and means are right on average.

A rush is as long as there were fewer flows before than might have been timed: else a server that
pauses every now and then would time them all.
"""

from flux.runtime.profiler.clocks import SECOND
from flux.runtime.profiler.marks import BEGAN, Kind, Mark, Marks

SLOW = 500
"""Flows a second, all of which are timed: their stamps take 1 % of a processor at most."""
RUSH = 8192
"""Flows that are timed although they come faster."""
MOST = 64
"""For how many one may stand: as many as there are to one that is asked for processor time."""
BLOCK = 512
"""How many flows tell the rate, if they don't take longer than a second."""


class Pace:
    """The share of one source's flows that is timed; only the source's own thread changes it.

    `weight` is for how many flows one stands that is timed, `chance` that of being timed, and
    `mark` begins the record of those.
    """

    def __init__(self, marks: Marks) -> None:
        self.weight = 1
        self.chance = 1.0
        self.mark = BEGAN
        self.until = 0
        """When to learn, if there have been few flows by then."""
        self._since: int | None = None
        self._marks = marks
        self._rush: float = RUSH

    def learn(self, time: int, flows: int) -> None:
        """So many flows have begun since this was called last, or a few more."""
        since, self._since = self._since, time
        self.until = time + SECOND
        if since is not None and time > since:
            few = SLOW * (time - since) / SECOND
            self._rush = min(max(self._rush + (few if flows <= few else 0) - flows, 0), RUSH)
            self._choose(1 if self._rush else min(_power_of_two(flows / few), MOST))

    def pause(self) -> None:
        """The profile goes off: how long it takes until the next flow tells no rate."""
        self._since = None

    def _choose(self, weight: int) -> None:
        self.weight = weight
        self.chance = 1 / weight
        self.mark = self._marks.number(Mark(Kind.BEGAN, stands_for=weight))


def _power_of_two(least: float) -> int:
    weight = 1
    while weight < least:
        weight *= 2
    return weight

"""What calls of functions cost, by a profile.

A function's processor time was asked for in some of its calls; its I/O is what is left of the time
of all calls on average. A call's time is long, too, if it waited for a processor or Python's lock,
so what the load explains by itself is taken off first (`contention` beside this): that is right for
arrivals that don't wait for each other, and exact only where the load was low.

A function of which no I/O is left only computes. Then the time of its calls is its processor time,
and known of all of them, which are 64 times as many as were asked, so eight times as well. Near
saturation that matters: an error of 1 % in what is needed becomes one of 10 % in latencies. What
was asked still bounds it, by two standard errors.

Asking for processor time takes some itself, which counts to the call. So of calls that are shorter
than that the processor time seems to be longer than all of their time, and is taken to be that.

How much processor time the process used in all is known exactly. Functions that only compute, and
those that were hardly ever asked, are taken to use a processor all of their time, but no more than
the others leave of the total. What is then still left is the overhead of flows, the first nodes of
turns included: they are no part of a flow, but use the processor for it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot, sqrt

from flux.profile.histogram import Histogram, together
from flux.profile.model import Profile
from flux.simulation.arithmetic import mean_time
from flux.simulation.calibration.contention import waiting_share
from flux.simulation.calibration.lock import busiest, sample_time, tells
from flux.simulation.calibration.measured import NANOSECOND, measured, remainder
from flux.simulation.calibration.served import has_gil
from flux.simulation.model import Function
from flux.simulation.times import NOTHING, Constant, Time

FEW = 10
"""Fewer processor times than these say nothing."""
_SURELY = 2.0  # standard errors


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one function, of whatever kind."""

    name: str
    count: int
    wall: Histogram
    cpu: Histogram
    released: int = 0
    share: float = 1.0
    """Which part of them was timed; the others count with those."""

    @property
    def known(self) -> bool:
        """Whether its processor time is."""
        return self.cpu.count >= FEW

    @property
    def most(self) -> float:
        """Processor time of a call in ns: what is known of it, or all of its time."""
        return min(self.cpu.mean, self.wall.mean) if self.known else self.wall.mean

    @property
    def total(self) -> float:
        """That of all calls."""
        return self.most * self.count

    def left(self, waiting: float) -> float:
        """What of a call's time is I/O, in ns: 0 unless it is more than chance.

        `waiting` is how long a call waits for a processor, in its processor time.
        """
        left = self.wall.mean - self.most * (1 + waiting)
        error = hypot(self.wall.error / sqrt(self.share), self.cpu.error)
        return left if left > _SURELY * error else 0.0


class Costs:
    """What the functions and the flows of one profile cost."""

    def __init__(self, profile: Profile) -> None:
        self.calls = {each.name: each for each in _calls(profile, openings=False)}
        _, count, busy = busiest(profile)
        self._waiting = waiting_share(count, busy)
        openings = [each for each in _calls(profile, openings=True) if each.known]
        asked = [each for each in self.calls.values() if self._is_asked(each)]
        others = [each for each in self.calls.values() if not self._is_asked(each)]
        long = sum(each.wall.mean * each.count for each in others)
        left = max(profile.cpu - sum(each.total for each in (*asked, *openings)), 0)
        self._share = min(left / long, 1.0) if long else 1.0
        self._gil = has_gil(profile.server)
        self._cpu = profile.cpu
        self._flows = sum(path.count for path in profile.paths)
        self._openings = [(each.released, each.total) for each in openings]
        self._sample = self._sample_time(profile) if tells(profile) else 0.0

    def function(self, name: str) -> Function:
        """A function as it was measured; one that was never called takes no time."""
        calls = self.calls.get(name)
        if calls is None:
            return Function(name, NOTHING, gil=float(self._gil))
        gil = self._locked(calls)
        if self._is_asked(calls):
            io = remainder(calls.wall, calls.left(self._waiting) * NANOSECOND)
            return Function(name, measured(calls.cpu, calls.most), io, gil)
        if calls.known:
            return Function(name, measured(calls.wall, self._needed(calls)), gil=gil)
        return self._guessed(calls, gil)

    def overhead(self) -> Time:
        """Processor time of a flow outside of its functions."""
        inside = sum(self._needed(each) * each.count for each in self.calls.values())
        left = max(self._cpu - inside, 0.0)
        return Constant(left / self._flows * NANOSECOND)

    def overhead_gil(self) -> float:
        """Which part of that needs Python's lock: not what the first nodes of turns release."""
        if not self._gil:
            return 0.0
        left = mean_time(self.overhead()) * self._flows / NANOSECOND
        released = sum(min(samples * self._sample, used) for samples, used in self._openings)
        return 1.0 - min(released / left, 1.0) if left else 1.0

    def _is_asked(self, calls: Calls) -> bool:
        """Whether only calls that were asked tell its processor time: it does I/O, too."""
        return calls.known and calls.left(self._waiting) > 0

    def _needed(self, calls: Calls) -> float:
        """Processor time of a call in ns."""
        if self._is_asked(calls):
            return calls.most
        needed = calls.wall.mean * self._share
        if not calls.known:
            return needed
        chance = _SURELY * calls.cpu.error
        return min(max(needed, calls.most - chance), calls.most + chance)

    def _locked(self, calls: Calls) -> float:
        """Which part of its processor time needs Python's lock."""
        if not self._gil:
            return 0.0
        used = self._needed(calls) * calls.count
        return 1.0 - min(calls.released * self._sample / used, 1.0) if used else 1.0

    def _sample_time(self, profile: Profile) -> float:
        """For which processor time a sample of Python's lock stands."""
        needed = [(each.released, self._needed(each) * each.count) for each in self.calls.values()]
        held = profile.gil.held if profile.gil is not None else 0
        return sample_time(self._cpu, held, [*needed, *self._openings])

    def _guessed(self, calls: Calls, gil: float) -> Function:
        """A function of which only the time of its calls is known."""
        io = remainder(calls.wall, calls.wall.mean * (1 - self._share) * NANOSECOND)
        return Function(calls.name, measured(calls.wall, self._needed(calls)), io, gil)


def _calls(profile: Profile, *, openings: bool) -> Iterator[Calls]:
    """The first nodes of turns, or the functions that flows call; some are both."""
    nodes = [node for node in profile.nodes if (node.kind == "opening") is openings]
    for name in dict.fromkeys(node.node for node in nodes):
        own = [node for node in nodes if node.node == name]
        yield Calls(
            name,
            sum(node.calls for node in own),
            together(node.wall for node in own),
            together(node.cpu for node in own),
            sum(node.released for node in own),
            profile.share,
        )

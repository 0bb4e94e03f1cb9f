"""What calls of functions cost, by a profile.

A function's processor time was asked for in some of its calls; its I/O is what is left of the time
of all calls on average. A call's time is long, too, if it waited for a processor or Python's lock,
so what the load explains by itself is taken off first (`flux.simulation.contention`): that is right
for arrivals that don't wait for each other, and exact only where the load was low.

The overhead of a flow is processor time of the process that no call of a function accounts for,
the first nodes of turns included: they are no part of a flow, but use the processor for it. The
total is known exactly, so what is wrong with calls that are too short to be measured is made up
for there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import hypot

from flux.profile.histogram import Histogram, together
from flux.profile.model import Profile
from flux.simulation.contention import waiting_share
from flux.simulation.measured import NANOSECOND, measured, remainder
from flux.simulation.model import Function
from flux.simulation.served import has_gil, machine_of
from flux.simulation.times import NOTHING, Constant, Time

FEW = 10
"""Fewer processor times than these say nothing."""
_SURELY = 2.0  # standard errors


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of one function, of whatever kind."""

    name: str
    calls: int
    wall: Histogram
    cpu: Histogram

    @property
    def known(self) -> bool:
        """Whether its processor time is."""
        return self.cpu.count >= FEW

    @property
    def cpu_mean(self) -> float:
        """Of a call, in ns; the whole of its time where no better is known."""
        return self.cpu.mean if self.known else self.wall.mean


def calls_of(profile: Profile) -> Iterator[Calls]:
    """The functions that flows call; a first node of turns counts where it does something else."""
    names = dict.fromkeys(node.node for node in profile.nodes if node.kind != "opening")
    for name in names:
        own = [node for node in profile.nodes if node.node == name and node.kind != "opening"]
        yield Calls(
            name,
            sum(node.calls for node in own),
            together(node.wall for node in own),
            together(node.cpu for node in own),
        )


def function_of(profile: Profile, calls: Calls | None, name: str) -> Function:
    """A function as it was measured; one that was never called takes no time."""
    gil = has_gil(profile.server)
    if calls is None:
        return Function(name, NOTHING, gil=gil)
    if not calls.known:
        return Function(name, measured(calls.wall), gil=gil)
    return Function(name, measured(calls.cpu), _io(profile, calls), gil)


def _io(profile: Profile, calls: Calls) -> Time:
    """What is left of a call's time, if that is more than chance."""
    waiting = waiting_share(_processors(profile), utilisation(profile)) * calls.cpu.mean
    left = calls.wall.mean - calls.cpu.mean - waiting
    if left <= _SURELY * hypot(calls.wall.error, calls.cpu.error):
        return NOTHING
    return remainder(calls.wall, left * NANOSECOND)


def overhead(profile: Profile, calls: Iterable[Calls]) -> Time:
    """Of a flow: what of the processor time no call accounts for."""
    flows = sum(path.count for path in profile.paths)
    inside = sum(each.cpu_mean * each.calls for each in calls)
    return Constant(max(profile.cpu - inside, 0.0) / flows * NANOSECOND)


def utilisation(profile: Profile) -> float:
    """How busy what could keep flows waiting was: the processors, and Python's lock."""
    if not profile.elapsed:
        return 0.0
    return profile.cpu / (profile.elapsed * _processors(profile))


def _processors(profile: Profile) -> int:
    """How many nodes can use a processor at once."""
    return 1 if has_gil(profile.server) else machine_of(profile.server).processors

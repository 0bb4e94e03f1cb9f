"""What makes a model from a profile less sure than it looks."""

from collections.abc import Iterator
from math import inf

from flux.profile.model import Profile
from flux.profile.units import duration
from flux.simulation.calibration.contention import waiting_share
from flux.simulation.calibration.costs import FEW, Costs
from flux.simulation.calibration.lock import busiest, tells
from flux.simulation.calibration.served import has_gil
from flux.simulation.routes.steps import Routes

BUSY = 0.3
"""A server that was busier gives times that tell of its load, too."""
_MUCH_QUEUED = 0.1
_LONG_QUEUED = 200_000  # ns: less is what it takes to wake a thread
_LATE = 1_000_000  # ns: no idle processor needs as long to begin
_SURELY = 2.0
_MANY_LOST = 0.01
_MOST_NAMED = 3


def doubts(profile: Profile, routes: Routes, costs: Costs, name: str) -> Iterator[str]:
    """Each doubt as a sentence that says what helps; `name` is the profile."""
    if profile.fingerprint is None:
        yield f"{name} doesn't say which program it is of: it is taken to be {routes.plan.name}"
    yield from _warn_of_load(profile, name)
    yield from _warn_of_queue(profile, name)
    yield from _warn_of_wakeup(profile, name)
    yield from _warn_of_lock(profile, name)
    yield from _warn_of_few(costs)
    yield from _warn_of_lost(profile, routes)


def _warn_of_load(profile: Profile, name: str) -> Iterator[str]:
    what, _, busy = busiest(profile)
    if busy > BUSY:
        yield (
            f"{what} in use for {busy:.0%} of the time that {name} is of, so its times of I/O hold"
            " waiting, too: take it at a load below 30%"
        )


def _warn_of_queue(profile: Profile, name: str) -> Iterator[str]:
    """Flows were queued: behind each other, or for other programs had the processors."""
    flows = sum(path.count for path in profile.paths)
    queued = sum(path.queued.total for path in profile.paths)
    inside = sum(path.wall.total for path in profile.paths)
    if queued <= _LONG_QUEUED * flows or queued <= _MUCH_QUEUED * inside:
        return
    told = f"flows were queued for {duration(queued / flows)} on average while {name} was taken"
    if queued <= flows * _LONG_QUEUED + _SURELY * _queued_by_itself(
        profile, max(inside - queued, 0)
    ):
        yield f"{told}: take it at a lower load"
    else:
        yield (
            f"{told}, which its load doesn't explain: unless they came in bursts, other programs"
            " kept them from a processor, and calls, too, so these seem to wait; take it at an even"
            " load, with nothing else on the machine"
        )


def _queued_by_itself(profile: Profile, carried: float) -> float:
    """For how long in ns flows would be queued behind each other; threads `carried` them so long.

    Without bound if so much of a pool was in use that its threads weren't there for others, or if
    they waited for constraints: then it may have been all of it for a while.
    """
    if sum(path.waiting.total for path in profile.paths) > BUSY * carried:
        return inf
    _, count, busy = busiest(profile)
    alone = profile.server.runtime == "event"  # each loop has a queue of its own
    by_load = waiting_share(1 if alone else count, busy) * profile.cpu
    threads = profile.server.threads or 0
    if not threads or not profile.elapsed:
        return by_load
    part = carried / (threads * profile.elapsed)
    return inf if part > BUSY else by_load + waiting_share(threads, part) * carried


def _warn_of_wakeup(profile: Profile, name: str) -> Iterator[str]:
    late = profile.server.wakeup or 0
    if late > _LATE:
        yield (
            f"a thread that woke up got a processor {duration(late)} late when {name} was read, so"
            " flows on idle processors are taken to begin as late: take it at a lower load, with"
            " nothing else on the machine"
        )


def _warn_of_lock(profile: Profile, name: str) -> Iterator[str]:
    if has_gil(profile.server) and not tells(profile):
        yield (
            f"{name} doesn't tell which nodes compute without Python's lock, so all are taken to"
            " need it: profile for longer, or on two processors"
        )


def _warn_of_few(costs: Costs) -> Iterator[str]:
    few = [f"`{each.name}`" for each in costs.calls.values() if each.count and not each.known]
    if few:
        more = f" and {len(few) - _MOST_NAMED} more" if len(few) > _MOST_NAMED else ""
        yield (
            f"fewer than {FEW} processor times are known of {', '.join(few[:_MOST_NAMED])}{more},"
            " so they are taken to compute all of their time, if the process used as much: profile"
            " for longer"
        )


def _warn_of_lost(profile: Profile, routes: Routes) -> Iterator[str]:
    flows = sum(path.count for path in profile.paths)
    lost = sum(path.count for path in profile.paths if path.path is None)
    if lost > _MANY_LOST * flows:
        yield f"{lost / flows:.0%} of the flows took paths without a number, and are left out"
    for source in profile.sources:
        if source.dropped > _MANY_LOST * (source.started + source.dropped):
            yield f"{source.dropped:,} turns of `{source.source}` failed, and are left out"
    begun = {path.source for path in profile.paths if path.count}
    for name in routes.paths.loops:
        if name not in begun:
            yield f"no flow of `{name}` ended, so it is left out"

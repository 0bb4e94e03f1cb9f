"""Which part of processor time needs Python's lock, by what samples have found.

Each sample that found the lock held, or a call computing without it, stands for the same part of
what the process used, which is known exactly. So a function's samples tell for how long its calls
computed without the lock; what else they needed, they needed with it. A call that waits for a
processor counts as if it computed, so no function's samples stand for more than its calls needed.

A sampler that gets no processor while others compute sees nothing, and a few samples say nothing.
Then all of the processor time of nodes in Python is taken to need the lock.
"""

from collections.abc import Iterable

from flux.profile.model import Profile
from flux.simulation.calibration.served import has_gil, processors_of

MANY = 50
"""Fewer samples that found something computing say nothing."""
_SEEN = 0.5
"""Who has seen less of what the process used has been kept from looking."""
_ROUNDS = 50


def tells(profile: Profile) -> bool:
    """Whether samples say who needs the lock."""
    gil = profile.gil
    if gil is None or not has_gil(profile.server):
        return False
    seen = gil.held + gil.released
    return seen >= MANY and seen * profile.elapsed >= _SEEN * gil.samples * profile.cpu


def sample_time(cpu: float, held: int, found: Iterable[tuple[int, float]]) -> float:
    """Processor time in ns for which a sample stands, of `cpu` altogether.

    `found` are each function's samples, and what its calls needed at most.
    """
    known = [(samples, needed) for samples, needed in found if samples]
    time = cpu / max(held + sum(samples for samples, _ in known), 1)
    for _ in range(_ROUNDS):  # the longer it is, the more functions need less
        whole = [(samples, needed) for samples, needed in known if samples * time >= needed]
        counts = held + sum(samples for samples, _ in known) - sum(samples for samples, _ in whole)
        longer = (cpu - sum(needed for _, needed in whole)) / max(counts, 1)
        if longer <= time:
            break
        time = longer
    return time


def held_part(profile: Profile) -> float:
    """Which part of all processor time needs the lock; none of nodes that aren't in Python."""
    if not has_gil(profile.server):
        return 0.0
    gil = profile.gil
    return gil.held / (gil.held + gil.released) if gil is not None and tells(profile) else 1.0


def busiest(profile: Profile) -> tuple[str, int, float]:
    """What could keep flows waiting most, how many there are of it, and how busy it was."""
    count = processors_of(profile.server)
    used = profile.cpu / profile.elapsed if profile.elapsed else 0.0
    locked = used * held_part(profile)
    if has_gil(profile.server) and locked >= used / count:
        return "Python's lock was", 1, locked
    return "the processors were", count, used / count

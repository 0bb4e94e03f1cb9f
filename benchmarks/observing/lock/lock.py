"""The nodes of lock.flux, with the arguments of lock.cpp but for emulated processors."""

import time
from pathlib import Path
from typing import NamedTuple


class Job(NamedTuple):
    """A line of the schedule: seconds after the start, before, under and after the lock."""

    place: int
    due: float
    before: float
    held: float
    after: float


class State:
    """What is known of the flows."""

    schedule: list[Job]
    latencies: list[float]
    written: Path
    next = 0
    start = 0.0
    start_cpu = 0.0


state = State()


def init(arguments: list[str]) -> None:
    """Read the schedule."""
    lines = Path(arguments[0]).read_text().splitlines()
    state.schedule = [Job(place, *map(float, line.split())) for place, line in enumerate(lines)]
    state.latencies = [0.0] * len(lines)
    state.written = Path(arguments[1])


def shutdown() -> None:
    """Write what came of it."""
    took = time.process_time() - state.start_cpu, time.monotonic() - state.start
    pairs = zip((job.due for job in state.schedule), state.latencies, strict=True)
    state.written.write_text("".join(f"{one} {other}\n" for one, other in (took, *pairs)))


def arrive() -> Job:
    """Wait for the next flow to fall due."""
    if not state.next:
        state.start, state.start_cpu = time.monotonic(), time.process_time()
    if state.next == len(state.schedule):
        raise StopIteration
    job = state.schedule[state.next]
    state.next += 1
    time.sleep(max(0.0, state.start + job.due - time.monotonic()))
    return job


def prepare(job: Job) -> Job:
    """Compute before the lock."""
    compute(job.before)
    return job


def update(job: Job) -> Job:
    """Compute under the lock."""
    compute(job.held)
    return job


def finish(job: Job) -> None:
    """Compute after the lock, and note how long it all took."""
    compute(job.after)
    state.latencies[job.place] = time.monotonic() - state.start - job.due


def compute(demand: float) -> None:
    """Use the processor, and Python's lock, for so long."""
    end = time.thread_time() + demand
    while time.thread_time() < end:
        pass

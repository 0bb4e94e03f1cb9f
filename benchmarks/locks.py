"""What a constraint costs that nobody else wants: one acquire and one release of each kind.

Run `python benchmarks/locks.py`; with `--write`, the results beside it are renewed. Kinds take
turns in every round, so that a disturbance of the machine hits all of them; the time of the loop
around the calls, measured the same way, is taken off.
"""

import statistics
import threading
import time
from collections.abc import Callable
from functools import partial

from record import record

from flux.runtime.locks import ReaderWriterLock
from flux.runtime.sessions import SessionLocks

ROUNDS = 15
TIMES = 100_000

Call = Callable[[], object]


def nanoseconds(acquire: Call, release: Call) -> float:
    """The time of one acquire and release, loop included."""
    start = time.perf_counter_ns()
    for _ in range(TIMES):
        acquire()
        release()
    return (time.perf_counter_ns() - start) / TIMES


def empty_loop() -> float:
    """The time of the loop alone."""
    start = time.perf_counter_ns()
    for _ in range(TIMES):
        pass
    return (time.perf_counter_ns() - start) / TIMES


def kinds() -> dict[str, tuple[Call, Call]]:
    """The locks, by name: the standard library's, and those of constraints."""
    plain, lock, sessions = threading.Lock(), ReaderWriterLock(), SessionLocks()
    session = [partial(function, 7) for function in sessions.writer]
    return {
        "threading.Lock": (plain.acquire, plain.release),
        "writer": lock.writer,
        "reader": lock.reader,
        "session writer": (session[0], session[1]),
    }


def measure() -> dict[str, list[float]]:
    """The nanoseconds of every kind in every round."""
    pairs = kinds()
    times: dict[str, list[float]] = {name: [] for name in pairs}
    for _ in range(ROUNDS):
        loop = empty_loop()
        for name, pair in pairs.items():
            times[name].append(nanoseconds(*pair) - loop)
    return times


def table(times: dict[str, list[float]]) -> str:
    """Medians and extremes, and the ratio to a plain lock, as Markdown."""
    plain = statistics.median(times["threading.Lock"])
    lines = [
        "| lock | ns, median | min | max | against `threading.Lock` |",
        "|---|--:|--:|--:|--:|",
    ]
    for name, each in times.items():
        median = statistics.median(each)
        ratio = median / plain
        lines.append(f"| {name} | {median:.0f} | {min(each):.0f} | {max(each):.0f} | {ratio:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table, and keep it if asked to."""
    times = measure()
    record(
        "locks",
        "Uncontended acquire and release",
        table(times),
        {"rounds": ROUNDS, "nanoseconds": times},
    )


if __name__ == "__main__":
    main()

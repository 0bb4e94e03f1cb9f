"""Which nodes compute without Python's lock, by samples.

Functions in C may give the lock back while they compute, as those of zlib, hashlib and Pillow do;
so does each call of the system. No clock tells for how long. So a thread of its own sleeps without
the lock, and asks for it when it wakes up. If it had to wait for the lock, somebody held it. If it
hadn't, nobody holds the lock while it has it: whoever then runs, or would if there were a processor
for it, computes without.

Whether it had to wait, the kernel knows, which counts how often a thread gave up its processor by
itself: once to sleep, and once more for each wait. Whether others run, /proc knows.

Sampling is unbiased if samples are due whatever the server does: at intervals that vary by chance,
and where the lock was waited for, for those samples, too, that were due meanwhile. It is biased

- where several threads compute at once: behind one that holds the lock, those that have released it
  aren't seen. So shares are right at low loads.
- where threads wait for processors: one that is woken in a call counts as if it computed.
- where a sampler that is due gets no processor before the others have done with theirs. It goes
  before them where they have real-time priority; that it saw too little of what the process used
  shows in its counts, and whoever reads them can tell (`flux.simulation.calibration`).
"""

import os
import threading
from collections import Counter
from collections.abc import Callable, Collection, Container
from contextlib import suppress
from random import Random
from time import monotonic, sleep, thread_time_ns
from typing import NamedTuple

from flux.runtime.fibers import has_fibers
from flux.runtime.flow import Flow
from flux.runtime.profiler.flows import called, frames
from flux.runtime.profiler.marks import CALLS, Mark, Marks
from flux.runtime.profiler.tasks import Tasks, gave_up, is_supported
from flux.runtime.stamps import running

EVERY = 0.04
"""Seconds between samples, on average: a thread that wakes up on a cold processor takes 0.3 ms,
and makes it cold for the others."""


class GilReading(NamedTuple):
    """What samples have found at one time.

    Of so many `samples`, some found the lock `held`; others found calls of `nodes` that computed
    without it. `cost` is the processor time in ns that taking them has used.
    """

    samples: int
    held: int
    nodes: dict[Mark, int]
    cost: int = 0


class GilCounts:
    """Counts what samples find of the flows that are `live`."""

    def __init__(self, marks: Marks, live: Container[Flow]) -> None:
        self._marks = marks
        self._live = live
        self.clear()

    def clear(self) -> None:
        """Forget what was counted."""
        self._samples = self._held = self._cost = 0
        self._nodes: Counter[Mark] = Counter()

    def add_held(self, samples: int) -> None:
        """So many samples found the lock held."""
        self._samples += samples
        self._held += samples

    def add_released(self, threads: Collection[int]) -> None:
        """A sample found nobody who held it, and these threads computing in flows."""
        self._samples += 1
        stacks = frames() if threads else {}
        for thread in threads:
            flow, number = called(stacks.get(thread))
            record = running.get(thread)
            if record is None or number is None or flow not in self._live:
                continue
            mark = self._marks.all[number]
            if mark.kind in CALLS:
                self._nodes[mark] += self._marks.all[record[0]].stands_for

    def add_cost(self, used: int) -> None:
        """Samples have used so many ns of processor time."""
        self._cost += used

    def read(self) -> GilReading:
        """What it has come to."""
        return GilReading(self._samples, self._held, dict(self._nodes), self._cost)


def sampler(counts: GilCounts) -> Callable[[], None] | None:
    """Take samples from now on; what ends it, or None where they would tell nothing.

    That is on systems without what is needed, with fibers, which share a thread with the sampler,
    and in Pythons without the lock.
    """
    if not is_supported() or has_fibers():
        return None
    made = _Sampler(counts)
    threading.Thread(target=made.run, name="flux profile gil", daemon=True).start()
    return made.end


class _Sampler:
    """The thread that takes samples."""

    def __init__(self, counts: GilCounts) -> None:
        self._counts = counts
        self._is_over = False
        self._used = 0
        self._natives: dict[int | None, int | None] = {}
        self._random = Random()  # noqa: S311 - a sample, no secret; whoever seeds the other one owns it

    def end(self) -> None:
        """Take no more."""
        self._is_over = True

    def run(self) -> None:
        """Take samples until that is over."""
        with suppress(OSError):
            _go_first()
        with Tasks() as tasks:
            while not self._is_over:
                pause, due = EVERY * self._random.uniform(0.5, 1.5), monotonic()
                due += pause
                before = gave_up()
                sleep(pause)
                waited = gave_up() - before > 1
                if not self._is_over:
                    self._take(tasks, monotonic() - due if waited else None)
                    self._add_cost()

    def _take(self, tasks: Tasks, late: float | None) -> None:
        """`late` is by how much it waited for the lock; None: not at all."""
        if late is None:
            threads = [each for each in list(running) if self._computes(tasks, each)]
            self._counts.add_released(threads)
        else:
            self._counts.add_held(1 + int(late / EVERY + self._random.random()))

    def _add_cost(self) -> None:
        before, self._used = self._used, thread_time_ns()
        self._counts.add_cost(self._used - before)

    def _computes(self, tasks: Tasks, thread: int) -> bool:
        """It isn't waiting, so it computes; and it hasn't the lock."""
        if thread not in self._natives:
            self._natives = {each.ident: each.native_id for each in threading.enumerate()}
        native = self._natives.get(thread)
        return native is not None and tasks.runs(native)


def _go_first() -> None:
    """Else who computes at real-time priority lets it in when it is done, and has given back all.

    Raises OSError where that isn't allowed.
    """
    policy = os.sched_getscheduler(0)
    if policy in {os.SCHED_FIFO, os.SCHED_RR}:
        priority = os.sched_getparam(0).sched_priority + 1
        os.sched_setscheduler(0, policy, os.sched_param(priority))

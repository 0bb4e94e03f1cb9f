"""One thread a flow. Where the system can't make another, the source waits and tries again."""

import threading
import time
from collections.abc import Callable
from typing import Any

from flux.runtime.backoff import delay
from flux.runtime.endings import Outcome, Tally, new_tally
from flux.runtime.flow import Flow
from flux.runtime.program import Source
from flux.runtime.runtimes import Carry


class ThreadPerFlow:
    """A runtime of as many threads as there are flows in flight."""

    def __init__(
        self,
        carry: Carry,
        on_idle: Callable[[], None],
        wait: Callable[[float], object] = time.sleep,
    ) -> None:
        self.tallies: list[Tally] = [new_tally()]
        self._carry = carry
        self._on_idle = on_idle
        self._wait = wait
        self._guard = threading.Lock()
        self._live = 0
        self._closed = False

    def start(self) -> None:
        """Nothing waits for flows here."""

    def submit(self, source: Source, flow: Flow, inputs: tuple[Any, ...]) -> None:
        """Start a flow on a thread of its own."""
        with self._guard:
            if self._closed:
                return
            self._live += 1
        thread = threading.Thread(target=self._run, args=(source, flow, inputs), daemon=True)
        start_in_time(thread, self._wait)

    def close(self) -> None:
        """Take no more flows; those in flight go on."""
        with self._guard:
            was_open, self._closed = not self._closed, True
            idle = was_open and not self._live
        if idle:
            self._on_idle()

    def cut(self) -> None:
        """Every flow has its thread already: there is nothing to forget."""

    def _run(self, source: Source, flow: Flow, inputs: tuple[Any, ...]) -> None:
        self._count(self._carry(source, flow, inputs))

    def _count(self, outcome: Outcome) -> None:
        """One flow has ended so; whoever waits for the last is told."""
        with self._guard:
            idle = self._ended(outcome)
        if idle:
            self._on_idle()

    def _ended(self, outcome: Outcome) -> bool:
        """Count a flow's end, under the guard; whether it was the last."""
        self.tallies[0][outcome] += 1
        self._live -= 1
        return self._closed and not self._live


def start_in_time(thread: threading.Thread, wait: Callable[[float], object]) -> None:
    """Start a thread, as soon as the system has one."""
    failures = 0
    while not _started(thread):
        failures += 1
        wait(delay(failures))


def _started(thread: threading.Thread) -> bool:
    try:
        thread.start()
    except RuntimeError:  # the system is out of threads
        return False
    return True

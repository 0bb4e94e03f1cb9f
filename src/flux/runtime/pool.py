"""The pool: a fixed number of workers, first in first out, with a bounded queue.

A flow takes a place in the queue until a worker takes it up, so a full queue makes its source
wait, until half of it is free. `None` in the queue says that no flows will follow: a worker that
finds it puts it back for the others and goes; the last one out reports the pool idle.
"""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from flux.runtime.admission import Places
from flux.runtime.endings import Tally, new_tally
from flux.runtime.flow import Flow
from flux.runtime.program import Source
from flux.runtime.runtimes import Carry

Load = tuple[Source, Flow, tuple[Any, ...]]


class Pool:
    """A runtime of so many threads, for any number of flows."""

    def __init__(self, carry: Carry, on_idle: Callable[[], None], threads: int, queue: int) -> None:
        self.tallies: list[Tally] = [new_tally() for _ in range(threads)]
        self._carry = carry
        self._on_idle = on_idle
        self._queue: SimpleQueue[Load | None] = SimpleQueue()
        self._places = Places(queue, enough=(queue + 1) // 2)
        self._working = threads
        self._guard = threading.Lock()
        self._closed = False

    def start(self) -> None:
        """Let the workers wait for flows."""
        for number, tally in enumerate(self.tallies, start=1):
            worker = threading.Thread(
                target=self._work, args=(tally,), name=f"flux worker {number}", daemon=True
            )
            worker.start()

    def submit(self, source: Source, flow: Flow, inputs: tuple[Any, ...]) -> None:
        """Queue a flow, after a wait for a place."""
        self._places.take()
        self._queue.put((source, flow, inputs))

    def close(self) -> None:
        """Take no more flows; those in flight go on."""
        with self._guard:
            if not self._closed:
                self._closed = True
                self._queue.put(None)

    def cut(self) -> None:
        """Forget the flows that no worker has taken up."""
        try:
            while True:
                self._queue.get_nowait()
        except Empty:
            self._queue.put(None)

    def _work(self, tally: Tally) -> None:
        carry, following, leave_queue = self._carry, self._queue.get, self._places.give_back
        while (load := following()) is not None:
            leave_queue()
            tally[carry(*load)] += 1
            del load  # while it waits, a worker keeps nothing of its last flow alive
        self._queue.put(None)
        self._leave()

    def _leave(self) -> None:
        with self._guard:
            self._working -= 1
            last = not self._working
        if last:
            self._on_idle()

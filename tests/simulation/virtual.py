"""Python's runtimes in virtual time: their real code, on real threads, one of which runs at a time.

Whoever runs goes on until it has to wait for a lock, a flow or a time. Then the next of the agenda
goes on, which are those that got at this instant what they waited for, first come, first served;
if there are none, the clock jumps to the next time that somebody waits for. So what a runtime does
depends on nothing but its own code, and nobody ever sleeps.

`installed` puts stand-ins in the place of what the runtimes wait in: the locks of gates, parkings
and places, the queue of the pool, threads, and the time by which patience is lost.
"""

import threading
from collections import deque
from contextlib import contextmanager
from heapq import heappop, heappush
from itertools import count
from queue import Empty
from types import SimpleNamespace

import pytest

from flux.runtime import admission, gate, parking, pool, sources, thread

LONG_TIME = 60.0
"""In seconds of real time: a thread that waits for its turn longer than this has hung."""


class Clock:
    """Virtual time; it begins when `expected` threads are there."""

    def __init__(self, expected):
        self.now = 0.0
        self.guard = threading.Lock()
        self._expected = expected
        self._agenda = deque()
        self._sleepers = []
        self._order = count()
        self._is_running = False

    def enter(self):
        """The turn of a thread that is about to start."""
        turn = threading.Semaphore(0)
        with self.guard:
            self._expected -= 1
            self.add(turn)
        return turn

    def leave(self):
        """The thread that runs ends."""
        with self.guard:
            self.stop()

    def sleep_until(self, time):
        """Let others run until then."""
        if time <= self.now:
            return
        turn = threading.Semaphore(0)
        with self.guard:
            heappush(self._sleepers, (time, next(self._order), turn))
            self.stop()
        self.wait(turn)

    def wait(self, turn):
        """Sleep until it is one's turn."""
        assert turn.acquire(timeout=LONG_TIME), "nobody runs any more"

    def add(self, turn):
        """Somebody has got what it waited for; with the guard."""
        self._agenda.append(turn)
        if not self._is_running:
            self.stop()

    def stop(self):
        """Nobody runs: who goes on? With the guard."""
        self._is_running = False
        if self._expected > 0:
            return
        if not self._agenda and self._sleepers:
            self.now, _, turn = heappop(self._sleepers)
            self._agenda.append(turn)
        if self._agenda:
            self._is_running = True
            self._agenda.popleft().release()


class Lock:
    """In the place of `threading.Lock`."""

    def __init__(self, clock):
        self._clock = clock
        self._taken = False
        self._waiting = deque()

    def acquire(self):
        """Wait until it is free."""
        turn = threading.Semaphore(0)
        with self._clock.guard:
            if not self._taken:
                self._taken = True
                return
            self._waiting.append(turn)
            self._clock.stop()
        self._clock.wait(turn)

    def release(self):
        """Hand it to the first who waits."""
        with self._clock.guard:
            if self._waiting:
                self._clock.add(self._waiting.popleft())
            else:
                self._taken = False

    def __enter__(self):
        self.acquire()

    def __exit__(self, *_):
        self.release()


class Line:
    """In the place of `queue.SimpleQueue`."""

    def __init__(self, clock):
        self._clock = clock
        self._items = deque()
        self._waiting = deque()

    def put(self, item):
        """Add one, for the first who waits."""
        with self._clock.guard:
            self._items.append(item)
            if self._waiting:
                self._clock.add(self._waiting.popleft())

    def get(self):
        """Take the first, when there is one."""
        while True:
            turn = threading.Semaphore(0)
            with self._clock.guard:
                if self._items:
                    return self._items.popleft()
                self._waiting.append(turn)
                self._clock.stop()
            self._clock.wait(turn)

    def get_nowait(self):
        """Take the first, if there is one."""
        with self._clock.guard:
            if not self._items:
                raise Empty
            return self._items.popleft()


def thread_of(clock):
    """What stands in the place of `threading.Thread`."""

    class Thread(threading.Thread):
        def start(self):
            self.turn = clock.enter()
            super().start()

        def run(self):
            clock.wait(self.turn)
            try:
                super().run()
            finally:
                clock.leave()

    return Thread


@contextmanager
def installed(clock):
    """The runtimes wait in virtual time."""
    locks = SimpleNamespace(Lock=lambda: Lock(clock))
    threads = SimpleNamespace(Thread=thread_of(clock), Lock=threading.Lock, Event=threading.Event)
    with pytest.MonkeyPatch.context() as patch:
        for module in (gate, parking, admission):
            patch.setattr(module, "threading", locks)
        for module in (thread, pool, sources):
            patch.setattr(module, "threading", threads)
        patch.setattr(gate, "time", SimpleNamespace(monotonic=lambda: clock.now))
        patch.setattr(pool, "SimpleQueue", lambda: Line(clock))
        yield

"""The poller of every other system: kqueue or poll by way of `selectors`.

A selector belongs to the thread that waits in it. Other threads therefore leave their wishes in a
queue and wake it; it registers them before it waits, and takes a descriptor out again with its
event: that makes events come once.
"""

import selectors
import socket
from collections import deque
from contextlib import suppress


class PortablePoller:
    """A poller that does all its work in the waiting thread."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._wishes: deque[int] = deque()
        self._sleeper, self._waker = socket.socketpair()
        self._sleeper.settimeout(0.0)
        self._waker.settimeout(0.0)
        self._watched = {self._sleeper.fileno()}
        self._selector.register(self._sleeper, selectors.EVENT_READ)

    def watch(self, descriptor: int) -> None:
        """Report this one whenever it is ready, without arming."""
        self._watched.add(descriptor)
        self._selector.register(descriptor, selectors.EVENT_READ)

    def arm_first(self, descriptor: int) -> None:
        """Arm a descriptor: here the first time is no different."""
        self.arm(descriptor)

    def arm(self, descriptor: int, *, drained: bool = False) -> None:  # noqa: ARG002 - no matter here
        """Arm a descriptor before the next wait, which starts now."""
        self._wishes.append(descriptor)
        self.wake()

    def forget(self, descriptor: int) -> None:
        """Let go of an armed descriptor; only while nobody waits."""
        with suppress(ValueError):
            self._wishes.remove(descriptor)
        with suppress(KeyError):
            self._selector.unregister(descriptor)

    def wait(self, timeout: float | None) -> list[tuple[int, bool]]:
        """The ready descriptors; each client may have finished, for all that is known here."""
        while self._wishes:
            with suppress(KeyError):  # armed twice
                self._selector.register(self._wishes.popleft(), selectors.EVENT_READ)
        ready = []
        for key, _ in self._selector.select(timeout):
            if key.fd == self._sleeper.fileno():
                self._sleeper.recv(4096)
            else:
                ready.append((key.fd, True))
        for descriptor, _ in ready:
            if descriptor not in self._watched:
                self._selector.unregister(descriptor)
        return ready

    def wake(self) -> None:
        """Make `wait` return at once; a full pipe wakes as well as one byte."""
        with suppress(BlockingIOError):
            self._waker.send(b"\0")

    def close(self) -> None:
        """Give back the poller's own descriptors."""
        self._selector.close()
        self._sleeper.close()
        self._waker.close()

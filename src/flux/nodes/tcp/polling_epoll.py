"""The poller of Linux.

Some facts about epoll:

- With EPOLLET each arrival is told once. EPOLL_CTL_MOD has the kernel look again, from any thread,
  while another one sits in epoll_wait: if there is something to read, it is told at once.
- A read from a stream that gives less than it might has come to its end (epoll(7)).
- EPOLLRDHUP tells that the client has shut down its side; there may still be data to read.
- Closing a descriptor takes it out of the set, unless another process has the same socket, as the
  parent of workers has those that they listen on.
- Closing the epoll descriptor does not end an epoll_wait on it; an eventfd in the set does.

So a descriptor is registered once. What is told of it while it isn't armed is remembered in
`_missed`, and so is that its client may have finished, which isn't told again. Only where that, or
a read that didn't come to the end, leaves a doubt, arming costs a system call.
"""

import os
import select
import threading

_EDGES = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLET
_FINISHED = select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR


class EpollPoller:
    """A poller that the kernel lets other threads arm directly."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._alarm = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._watched: set[int] = set()
        self._unarmed: set[int] = set()
        self._missed: set[int] = set()
        self._guard = threading.RLock()  # of both; a signal handler may arm, too
        self.watch(self._alarm)

    def watch(self, descriptor: int) -> None:
        """Report this one whenever it is ready, without arming."""
        self._watched.add(descriptor)
        self._epoll.register(descriptor, select.EPOLLIN)

    def arm_first(self, descriptor: int) -> None:
        """Arm a descriptor that this poller has not seen before."""
        with self._guard:  # another one may have had its number
            self._unarmed.discard(descriptor)
            self._missed.discard(descriptor)
        self._epoll.register(descriptor, _EDGES)

    def arm(self, descriptor: int, *, drained: bool = False) -> None:
        """Arm a descriptor again."""
        with self._guard:
            self._unarmed.discard(descriptor)
            if drained and descriptor not in self._missed:
                return
            self._missed.discard(descriptor)
        self._epoll.modify(descriptor, _EDGES)

    def forget(self, descriptor: int) -> None:
        """Take one out that is always watched; the others are when they are closed."""
        if descriptor in self._watched:
            self._watched.remove(descriptor)
            self._epoll.unregister(descriptor)

    def wait(self, timeout: float | None) -> list[tuple[int, bool]]:
        """The ready descriptors, each with whether its client may have finished."""
        events = self._epoll.poll(timeout)
        ready = []
        with self._guard:
            unarmed, missed = self._unarmed, self._missed
            for descriptor, happened in events:
                finished = bool(happened & _FINISHED)
                if descriptor in unarmed:
                    missed.add(descriptor)
                elif descriptor not in self._watched:
                    unarmed.add(descriptor)
                    if finished:
                        missed.add(descriptor)
                    ready.append((descriptor, finished))
                elif descriptor == self._alarm:
                    os.eventfd_read(self._alarm)
                else:
                    ready.append((descriptor, False))
        return ready

    def wake(self) -> None:
        """Make `wait` return at once."""
        os.eventfd_write(self._alarm, 1)

    def close(self) -> None:
        """Give back the poller's own descriptors."""
        self._epoll.close()
        os.close(self._alarm)

"""The poller of Linux.

Some facts about epoll:

- EPOLLONESHOT silences a descriptor after one event; EPOLL_CTL_MOD arms it again, from any thread,
  while another one sits in epoll_wait. If it is ready at that moment, the event comes at once: no
  byte that arrives between reading and arming is missed.
- EPOLLRDHUP tells that the client has shut down its side; there may still be data to read.
- Closing a descriptor takes it out of the set, unless another process has the same socket, as the
  parent of workers has those that they listen on.
- Closing the epoll descriptor does not end an epoll_wait on it; an eventfd in the set does.
"""

import os
import select

_ONCE = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLONESHOT
_FINISHED = select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR


class EpollPoller:
    """A poller that the kernel lets other threads arm directly."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._alarm = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._watched: set[int] = set()
        self.watch(self._alarm)

    def watch(self, descriptor: int) -> None:
        """Report this one whenever it is ready, without arming."""
        self._watched.add(descriptor)
        self._epoll.register(descriptor, select.EPOLLIN)

    def arm_first(self, descriptor: int) -> None:
        """Arm a descriptor that this poller has not seen before."""
        self._epoll.register(descriptor, _ONCE)

    def arm(self, descriptor: int) -> None:
        """Arm a descriptor again."""
        self._epoll.modify(descriptor, _ONCE)

    def forget(self, descriptor: int) -> None:
        """Take one out that is always watched; the others are when they are closed."""
        if descriptor in self._watched:
            self._watched.remove(descriptor)
            self._epoll.unregister(descriptor)

    def wait(self, timeout: float | None) -> list[tuple[int, bool]]:
        """The ready descriptors, each with whether its client may have finished."""
        ready = []
        for descriptor, events in self._epoll.poll(timeout):
            if descriptor == self._alarm:
                os.eventfd_read(self._alarm)
            else:
                ready.append((descriptor, bool(events & _FINISHED)))
        return ready

    def wake(self) -> None:
        """Make `wait` return at once."""
        os.eventfd_write(self._alarm, 1)

    def close(self) -> None:
        """Give back the poller's own descriptors."""
        self._epoll.close()
        os.close(self._alarm)

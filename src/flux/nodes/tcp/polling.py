"""Waiting for many descriptors at once: what every poller offers, and which one this system has.

A descriptor is armed for one event and then silent until it is armed again, so that a connection
in use by a flow never shows up. Arming, forgetting and waking may happen in any thread; `wait`
happens in one.
"""

import select
from typing import Protocol


class Poller(Protocol):
    """Tells which descriptors have something to read."""

    def watch(self, descriptor: int) -> None:
        """Report this one whenever it is ready, without arming: for the listening socket."""

    def arm_first(self, descriptor: int) -> None:
        """Arm a descriptor that this poller has not seen before."""

    def arm(self, descriptor: int, *, drained: bool = False) -> None:
        """Arm a descriptor again; `drained`: all that had come when it was reported was read."""

    def forget(self, descriptor: int) -> None:
        """Let go of an armed descriptor, which is about to be closed."""

    def wait(self, timeout: float | None) -> list[tuple[int, bool]]:
        """The ready descriptors, each with whether its client may have finished."""

    def wake(self) -> None:
        """Make `wait` return at once: the present call, or else the next one."""

    def close(self) -> None:
        """Give back the poller's own descriptors."""


def make_poller() -> Poller:
    """The best poller of this system."""
    if hasattr(select, "epoll"):
        from flux.nodes.tcp.polling_epoll import EpollPoller  # noqa: PLC0415 - Linux only

        return EpollPoller()
    from flux.nodes.tcp.polling_portable import PortablePoller  # noqa: PLC0415 - not for Linux

    return PortablePoller()

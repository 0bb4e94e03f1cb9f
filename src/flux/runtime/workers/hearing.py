"""What the parent of workers waits for: signals, its workers' words, and the time."""

import math
import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Self

from flux.runtime.polls import milliseconds

STOPPING = (signal.SIGTERM, signal.SIGINT)
HANDED_ON = (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)
MOST_AT_ONCE = 64


class Hearing:
    """Hears signals between being entered and left, both on the main thread.

    A signal that was ignored when the server was started, as by `nohup`, still is.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock

    def __enter__(self) -> Self:
        self._receiver, self._sender = os.pipe()
        os.set_blocking(self._receiver, False)
        os.set_blocking(self._sender, False)
        heard = [each for each in (*STOPPING, *HANDED_ON) if _is_heard(each)]
        self._sender_before = signal.set_wakeup_fd(self._sender)
        self._before = {each: signal.signal(each, _noticed) for each in (signal.SIGCHLD, *heard)}
        signal.pthread_sigmask(signal.SIG_UNBLOCK, self._before)
        return self

    def __exit__(self, *_exception: object) -> None:
        for each, handler in self._before.items():
            signal.signal(each, handler)
        signal.set_wakeup_fd(self._sender_before)
        os.close(self._sender)
        os.close(self._receiver)

    def wait(self, lines: Sequence[socket.socket], until: float) -> None:
        """Sleep until there is something to hear, or the time has come."""
        poll = select.poll()
        for each in (self._receiver, *(line.fileno() for line in lines)):
            poll.register(each, select.POLLIN)
        left = until - self._clock()
        poll.poll(None if left == math.inf else milliseconds(max(0.0, left)))

    def signals(self) -> Iterator[int]:
        """The signals that have come, each as often as it was noticed."""
        try:
            yield from os.read(self._receiver, MOST_AT_ONCE)
        except BlockingIOError:
            return


def _is_heard(signum: int) -> bool:
    return signum in STOPPING or signal.getsignal(signum) != signal.SIG_IGN


def _noticed(_signum: int, _frame: FrameType | None) -> None:
    """Nothing is left to do: the interpreter has written the signal's number."""

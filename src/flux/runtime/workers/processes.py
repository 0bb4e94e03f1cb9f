"""One worker as its parent sees it: a process, its line, and when the next one takes its place."""

import math
import os
import signal
import socket

from flux.runtime.workers.restarts import Restarts
from flux.runtime.workers.worker import MOST_BYTES, read

SIGNALLED = 128  # what a shell adds to the number of a signal that has ended a process


class Process:
    """A worker by its number, and the process that it is now, if there is one."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.pid: int | None = None
        self.line: socket.socket | None = None
        self.restarts = Restarts()
        self.due: float | None = None  # when the next process starts
        self.late = math.inf  # when the process should serve
        self.serves_since: float | None = None  # this process
        self.has_served = False  # any process
        self.is_over = False

    def begin(self, pid: int, line: socket.socket, late: float) -> None:
        """The worker is this process from now on, which is late if it doesn't serve by then."""
        self.pid, self.line, self.late, self.due = pid, line, late, None
        self.serves_since = None

    def note_service(self, now: float) -> None:
        """This process serves."""
        self.serves_since, self.late, self.has_served = now, math.inf, True

    def served(self, now: float) -> float:
        """For how many seconds it has served; 0 if it hasn't begun to."""
        return 0.0 if self.serves_since is None else now - self.serves_since

    def heard(self) -> list[str]:
        """The words that the process says now; none if it is silent."""
        if self.line is None:
            return []
        try:
            message = self.line.recv(MOST_BYTES, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return []
        except ConnectionResetError:
            message = b""
        if not message:  # it is ending
            self.hang_up()
        return read(message)

    def hang_up(self) -> None:
        """Listen to it no more."""
        if self.line is not None:
            self.line.close()
        self.line = None

    def send(self, signum: int) -> None:
        """Send the process a signal, if there is one."""
        if self.pid is not None:  # so it isn't reaped, and nobody else has its number
            os.kill(self.pid, signum)

    def ended(self) -> int | None:
        """The exit status, as a shell tells it, of the process if it has ended; it is reaped."""
        if self.pid is None:
            return None
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if not pid:
            return None
        self.pid, self.late = None, math.inf
        code = os.waitstatus_to_exitcode(status)
        return code if code >= 0 else SIGNALLED - code


def told(status: int) -> str:
    """An exit status in words."""
    if status <= SIGNALLED:
        return f"has ended with {status}"
    number = status - SIGNALLED
    return f"was ended by signal {number} ({signal.strsignal(number)})"

"""The parent of workers: starts them, replaces those that die, and lets them end together.

It starts the first and waits until that serves: what keeps a program from serving is told once.
Then it starts the others. A worker whose first process doesn't come to serve ends the server, for
neither would the next one. One that hangs in its start is killed: nobody else would ever serve in
its place.

The parent is one thread, which sleeps in `poll` until a worker says something, a signal comes, or
something is due.
"""

import math
import os
import signal
import socket
import sys
import time
from collections.abc import Callable

from flux.runtime.workers.child import begin_worker, prctl
from flux.runtime.workers.hearing import STOPPING, Hearing
from flux.runtime.workers.processes import SIGNALLED, Process, told
from flux.runtime.workers.sockets import Sockets, Wish
from flux.runtime.workers.worker import Worker, become

MOST_WORKERS = 64
START_TIMEOUT = 60.0  # seconds that workers may take until they serve
GRACE = 5.0  # seconds that workers may take to end beyond their drain
AT_ONCE = 1.0  # the same, when a second signal has come
CUT = 4  # the exit status of a server that has cut flows
FAILED = 1
MISUSE = 2


def supervise(
    count: int,
    drain: float,
    start_timeout: float = START_TIMEOUT,
    clock: Callable[[], float] = time.monotonic,
) -> int | None:
    """Look after so many workers; the exit status. None: this process is one of them now.

    Where there is no Linux, it says so, and the status is that of a wrong command.
    """
    if sys.platform != "linux":
        _tell(f"workers are for Linux, and this is {sys.platform}")
        return MISUSE
    call, parent = prctl(), os.getpid()
    status = Supervisor(count, drain, start_timeout, _tell, clock).run()
    if status is None:
        begin_worker(parent, call)
    return status


class Supervisor:
    """Looks after workers; in a process that has become one, it only gives way."""

    def __init__(
        self,
        count: int,
        drain: float,
        start_timeout: float,
        tell: Callable[[str], object],
        clock: Callable[[], float],
    ) -> None:
        self._processes = [Process(number) for number in range(count)]
        self._sockets = Sockets()
        self._drain = drain
        self._start_timeout = start_timeout
        self._tell = tell
        self._clock = clock
        self._hearing = Hearing(clock)
        self._handed_on: set[int] = set()
        self._has_begun = False
        self._is_stopping = False
        self._deadline = math.inf
        self._statuses: list[int] = []

    def run(self) -> int | None:
        """Look after the workers until all have ended; the exit status. None: this is a worker."""
        self._processes[0].due = self._clock()
        with self._hearing:
            while any(each.pid or each.due is not None for each in self._processes):
                if self._start_those_due():
                    return None
                self._hearing.wait(self._lines(), min(self._next_due(), self._deadline))
                for signum in self._hearing.signals():
                    self._heed(signum)
                for each in self._processes:
                    self._listen_to(each)
                    self._look_after(each)
                self._end_those_that_hang()
                self._end_those_late()
        self._sockets.close()
        return self._status()

    def _next_due(self) -> float:
        """When the next worker is to start, or to be late with it."""
        due = (each.due for each in self._processes if each.due is not None)
        return min(*due, *(each.late for each in self._processes), math.inf)

    def _lines(self) -> list[socket.socket]:
        return [each.line for each in self._processes if each.line is not None]

    # Starting

    def _start_those_due(self) -> bool:
        """Start whoever is due; whether this process is one of those now."""
        now = self._clock()
        due = [each for each in self._processes if each.due is not None and each.due <= now]
        return any(map(self._has_become, due))

    def _has_become(self, process: Process) -> bool:
        """Start a worker; whether this process is it now."""
        sys.stdout.flush()
        sys.stderr.flush()
        own, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._sockets.begin(process.number)
        is_first = not self._has_begun
        self._has_begun = True
        late = self._clock() + self._start_timeout  # now: the child may run before its parent
        before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        pid = os.fork()
        if pid:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            its.close()
            process.begin(pid, own, late)
            return False
        own.close()
        for each in self._processes:
            each.hang_up()
        self._sockets.close()
        become(Worker(process.number, its, is_first=is_first))
        return True

    # What workers say

    def _listen_to(self, process: Process) -> None:
        while words := process.heard():
            match words:
                case ["open", family, kind, backlog, host, *numbers]:
                    address = (host, *map(int, numbers))
                    self._lend(process, Wish(int(family), int(kind), address, int(backlog)))
                case ["serves"]:
                    self._note_service(process)
                case ["over"]:
                    process.is_over = True

    def _lend(self, process: Process, wish: Wish) -> None:
        assert process.line is not None  # noqa: S101 - it has just spoken
        try:
            with self._sockets.lent(process.number, wish) as made:
                socket.send_fds(process.line, [b"."], [made.fileno()])
        except BrokenPipeError:
            process.hang_up()
        except OSError as error:
            process.line.send(str(error.errno).encode())

    def _note_service(self, process: Process) -> None:
        """A worker serves; if it is the first of all, the others may start."""
        is_beginning = not any(each.has_served for each in self._processes)
        process.note_service(self._clock())
        if is_beginning and not self._is_stopping:
            for other in self._processes[1:]:
                other.due = self._clock()

    # What becomes of them

    def _look_after(self, process: Process) -> None:
        status = process.ended()
        if status is None:
            return
        self._listen_to(process)  # its last words
        process.hang_up()
        if self._is_stopping:
            self._statuses.append(0 if self._is_asked_for(process, status) else status)
        elif process.is_over or not process.has_served:
            self._leave(process, status)
        elif status - SIGNALLED in self._handed_on:
            self._statuses.append(status)
            self._stop(signal.SIGTERM)
        else:
            self._replace(process, status)

    def _is_asked_for(self, process: Process, status: int) -> bool:
        """Whether it has ended before it could hear that it should."""
        return process.serves_since is None and status - SIGNALLED in STOPPING

    def _leave(self, process: Process, status: int) -> None:
        """Nobody takes its place: the program is over, or can't begin."""
        self._statuses.append(status)
        self._sockets.release(process.number)
        if status and not process.has_served:
            self._tell(
                f"worker {process.number} {told(status)} before it served: the server doesn't start"
            )
            self._stop(signal.SIGTERM)

    def _replace(self, process: Process, status: int) -> None:
        now = self._clock()
        delay = process.restarts.delay(process.served(now))
        what = f"worker {process.number} {told(status)}"
        if delay is None:
            self._tell(f"{what}, as those before it: the server gives up")
            self._statuses.append(status or FAILED)
            self._stop(signal.SIGTERM)
            return
        when = f"in {delay:.1f} s" if delay else "now"
        self._tell(f"{what}: another one starts {when}")
        process.due = now + delay

    # The end

    def _heed(self, signum: int) -> None:
        """Do what a signal asks for."""
        if signum in STOPPING and self._is_stopping:
            self._send(signum)
            self._deadline = min(self._deadline, self._clock() + AT_ONCE)
        elif signum in STOPPING:
            self._stop(signum)
        elif signum != signal.SIGCHLD:
            self._handed_on.add(signum)
            self._send(signum)

    def _stop(self, signum: int) -> None:
        """Let all workers end, each when its flows have finished."""
        if self._is_stopping:
            return
        self._is_stopping = True
        self._sockets.close()
        for each in self._processes:
            each.due, each.late = None, math.inf
        self._send(signum)
        self._deadline = self._clock() + self._drain + GRACE

    def _send(self, signum: int) -> None:
        for each in self._processes:
            each.send(signum)

    def _end_those_that_hang(self) -> None:
        """Kill who doesn't come to serve: it would be there for ever, and serve nobody."""
        now = self._clock()
        for each in self._processes:
            if each.late <= now:
                each.late = math.inf
                self._tell(
                    f"worker {each.number} doesn't serve after {self._start_timeout:g} s, and is"
                    " killed; --start-timeout gives it more time"
                )
                each.send(signal.SIGKILL)

    def _end_those_late(self) -> None:
        if self._clock() < self._deadline:
            return
        self._deadline = math.inf
        for each in self._processes:
            if each.pid is not None:
                self._tell(f"worker {each.number} does not end, and is killed")
                each.send(signal.SIGKILL)

    def _status(self) -> int:
        """The exit status of all: a failure, or else that flows were cut, or else none."""
        failures = [each for each in self._statuses if each not in (0, CUT)]
        return failures[0] if failures else max(self._statuses, default=0)


def _tell(line: str) -> None:
    sys.stderr.write(f"flux: {line}\n")
    sys.stderr.flush()

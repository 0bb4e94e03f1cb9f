"""The first moments of a worker: it parts from its parent, but doesn't outlive it.

A worker has a process group of its own, so that Ctrl-C reaches the parent only, which hands it on
once: a second signal would be taken for impatience. For the same reason it has no terminal to read
from. The system sends it SIGTERM when its parent has died.
"""

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
STDIN = 0

Prctl = Callable[[int, int], int]


def prctl() -> Prctl:
    """The system's call; found before there are workers, for that takes a while."""
    found: Prctl = ctypes.CDLL(None, use_errno=True).prctl
    return found


def begin_worker(parent: int, call: Prctl) -> None:
    """Let this process, which was forked with all signals blocked, be a worker."""
    os.setpgid(0, 0)
    call(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the system was told
        os._exit(128 + signal.SIGTERM)
    nothing = os.open(os.devnull, os.O_RDONLY)
    if nothing != STDIN:  # where that was closed
        os.dup2(nothing, STDIN)
        os.close(nothing)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # the server will have its own way
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signal.valid_signals())

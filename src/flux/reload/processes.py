"""Processes that a supervisor starts, each in a process group of its own.

So Ctrl-C, and what a shell sends to a job, reaches the supervisor only, which hands it on once: a
server takes a second signal for impatience. A process that isn't in the terminal's group must
not read from it, and finds its input empty instead; pipes and files are handed on.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

PATIENCE = 5.0  # seconds that a check may take to end when it is asked to


class Process:
    """A `flux` command at work, which may read what we could unless that is a terminal."""

    def __init__(self, words: Sequence[str], *, reads: bool) -> None:
        reads = reads and not sys.stdin.isatty()
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-P", "-m", "flux.cli", *words],
            stdin=None if reads else subprocess.DEVNULL,
            process_group=0,
        )

    def poll(self) -> int | None:
        """Its exit status, as a shell would tell it; None while it runs."""
        status = self._process.poll()
        return status if status is None or status >= 0 else 128 - status

    def send(self, signum: int) -> None:
        """Send a signal to this process."""
        self._process.send_signal(signum)

    def abandon(self) -> None:
        """End it and all that it has started, compilers for example."""
        for signum in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signum)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE)
                return

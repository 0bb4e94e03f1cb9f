"""Processors and priorities of what runs, and for how long processors stand still.

If others want a processor that real-time processes use all of the time, the kernel takes it from
them for 50 ms in each second; and on a virtual machine the one below may take it at any time.
"""

import os
import subprocess

from measuring.builds import program
from measuring.processes import LOAD_CORE, SERVER_CORE, Command

SERVER_PRIORITY = 1
LOAD_PRIORITY = 2  # where it shares the server's processors, it must be on time
WATCH_PRIORITY = 3


def server(cpus: int, command: Command) -> list[str]:
    """A server on the first processors, where nobody but others of real-time gets in its way."""
    cores = f"{SERVER_CORE}-{SERVER_CORE + cpus - 1}"
    return ["taskset", "--cpu-list", cores, *_at(SERVER_PRIORITY), *map(str, command)]


def load(command: Command) -> list[str]:
    """The load generator, on the last processor."""
    return ["taskset", "--cpu-list", str(LOAD_CORE), *_at(LOAD_PRIORITY), *map(str, command)]


class Watch:
    """Sees for how long the server's processors stand still at a time, from now on."""

    def __init__(self, cpus: int) -> None:
        command = [*_at(WATCH_PRIORITY), str(program("stops")), str(SERVER_CORE), str(cpus)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def longest(self) -> float:
        """The longest time in seconds; it watches no longer."""
        said, _ = self._process.communicate()
        return float(said)


def processors() -> int:
    """How many there are."""
    return os.cpu_count() or 1


def _at(priority: int) -> list[str]:
    return ["chrt", "--fifo", str(priority)]

"""Priorities of what runs; for how long processors stand still, and how fast they are.

If others want a processor that real-time processes use all of the time, the kernel takes it from
them for 50 ms in each second; and on a virtual machine the one below may take it at any time, or
let others compute on the same core, which makes both slower.
"""

import os
import subprocess
import time
from statistics import median
from typing import NamedTuple

from measuring.builds import program
from measuring.processes import LOAD_CORE, SERVER_CORE, Command

SERVER_PRIORITY = 1
LOAD_PRIORITY = 2  # where it shares the server's processors, it must be on time
WATCH_PRIORITY = 3

LOOKS, LOOK_SECONDS = 7, 2.0
"""How often, and how long, idle processors are looked at before anything else."""


def server(cpus: int, command: Command) -> list[str]:
    """A server on the first processors, where nobody but others of real-time gets in its way."""
    cores = f"{SERVER_CORE}-{SERVER_CORE + cpus - 1}"
    return ["taskset", "--cpu-list", cores, *_at(SERVER_PRIORITY), *map(str, command)]


def load(command: Command) -> list[str]:
    """The load generator, on the last processor."""
    return ["taskset", "--cpu-list", str(LOAD_CORE), *_at(LOAD_PRIORITY), *map(str, command)]


_all_worked: list[float] = []  # the seconds that the same work took in each run until now


class Seen(NamedTuple):
    """What became of processors; times are in seconds."""

    stopped: float  # the longest time for which one stood still
    pace: float  # what the same work took on average, of what it did in the median until now
    own: float  # processor time of who watched


class Watch:
    """Sees what becomes of the server's processors, from now on."""

    def __init__(self, cpus: int) -> None:
        command = [*_at(WATCH_PRIORITY), str(program("watch")), str(SERVER_CORE), str(cpus)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def seen(self) -> Seen:
        """What it has seen; it watches no longer."""
        said, _ = self._process.communicate()
        stopped, worked, own = map(float, said.split())
        _all_worked.append(worked)
        return Seen(stopped, worked / median(_all_worked), own)


def look() -> None:
    """Look at idle processors for a while, so that the first runs know what is usual."""
    for _ in range(LOOKS):
        watch = Watch(processors())
        time.sleep(LOOK_SECONDS)
        watch.seen()


def processors() -> int:
    """How many there are."""
    return os.cpu_count() or 1


def _at(priority: int) -> list[str]:
    return ["chrt", "--fifo", str(priority)]

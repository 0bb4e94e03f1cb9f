"""Processors and priorities of what runs, and whether the kernel throttles real-time processes."""

import os
import platform
from pathlib import Path

from measuring.processes import LOAD_CORE, SERVER_CORE, Command

SERVER_PRIORITY = 1
LOAD_PRIORITY = 2  # where it shares the server's processors, it must be on time
THROTTLES_BELOW = (6, 12)
THROTTLED_FROM = 0.94
_LIMIT = Path("/proc/sys/kernel/sched_rt_runtime_us")


def server(cpus: int, command: Command) -> list[str]:
    """A server on the first processors, where nobody but others of real-time gets in its way."""
    cores = f"{SERVER_CORE}-{SERVER_CORE + cpus - 1}"
    return ["taskset", "--cpu-list", cores, *_at(SERVER_PRIORITY), *map(str, command)]


def load(command: Command) -> list[str]:
    """The load generator, on the last processor."""
    return ["taskset", "--cpu-list", str(LOAD_CORE), *_at(LOAD_PRIORITY), *map(str, command)]


def stopped(cpu: float, seconds: float, cpus: int) -> bool:
    """Whether a server that used so much of its processors may have been throttled."""
    version = tuple(int(part) for part in platform.release().split(".")[:2])
    throttles = version < THROTTLES_BELOW and _LIMIT.read_text().strip() != "-1"
    return throttles and cpu > THROTTLED_FROM * seconds * cpus


def processors() -> int:
    """How many there are."""
    return os.cpu_count() or 1


def _at(priority: int) -> list[str]:
    return ["chrt", "--fifo", str(priority)]

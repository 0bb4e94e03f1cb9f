"""The synthetic server: flows that compute for as long as their schedule says, partly locked.

Its source is the load generator: it sleeps until the next flow is due. So nothing but the server
runs, and a latency counts from when the flow was due. With emulated processors, a node sleeps for
its time while it holds one of so many tokens: that way there can be more processors than the
machine has.
"""

import resource
import subprocess
from collections.abc import Sequence
from pathlib import Path
from random import Random

from measuring.builds import BUILD, FLUX
from measuring.machine import Interval
from measuring.processes import Command

from observing import machine
from observing.conditions import Conditions
from observing.observation import Run, read_latencies
from observing.schedules import Need, Planned, write
from observing.typical import Queue

PROGRAM = Path(__file__).parent / "lock" / "lock.flux"
SHAPE = 16  # of the Erlang distribution of each demand: a coefficient of variation of 0.25
FILES = BUILD / "observing"


class Demands:
    """Mean seconds before, under and after the lock; each is drawn for each flow."""

    def __init__(self, before: float, held: float, after: float) -> None:
        self.means = (before, held, after)

    def __call__(self, random: Random, flows: int) -> list[Need]:
        """Those of so many flows."""
        return [self._of_one(random) for _ in range(flows)]

    def queue(self, processors: int) -> Queue:
        """What flows wait for: processors or the lock, whichever carries less."""
        _, held, _ = self.means
        if sum(self.means) / processors >= held:
            return Queue(processors, sum)
        return Queue(1, lambda need: need[1])

    def _of_one(self, random: Random) -> Need:
        return tuple(random.gammavariate(SHAPE, mean / SHAPE) for mean in self.means)


def build() -> Path:
    """The server in C++."""
    folder = BUILD / "lock-server"
    command: Command = [FLUX, "build", PROGRAM, "--target", "cpp", "-o", folder]
    subprocess.run(command, check=True, capture_output=True)
    subprocess.run(["make", "-s", "-j2", "-C", folder, "CXXFLAGS=-O2"], check=True)
    return folder / "lock"


def observe(
    command: Command, schedule: Sequence[Planned], seed: int, cpus: int, tokens: int = 0
) -> Run:
    """Let a server run through a schedule; `tokens` are its emulated processors."""
    FILES.mkdir(parents=True, exist_ok=True)
    planned, results = write(schedule, FILES / "schedule"), FILES / "latencies"
    own: Command = ["--", planned, results, *([str(tokens)] if tokens else [])]
    interval, before, watch = Interval(), _children(), machine.Watch(cpus)
    subprocess.run(machine.server(cpus, [*command, *own]), check=True, stdout=subprocess.DEVNULL)
    seen = watch.seen()
    others = interval.others(_children() - before)  # the watch's is a child's, too
    (cpu, _), *flows = read_latencies(results)
    dues, latencies = zip(*flows, strict=True)
    conditions = Conditions(
        others, 0.0, shares=False, failed=0, stopped=seen.stopped, pace=seen.pace
    )
    return Run(seed, dues, latencies, len(schedule), cpu, conditions)


def _children() -> float:
    """The processor time of programs that this one has started, and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

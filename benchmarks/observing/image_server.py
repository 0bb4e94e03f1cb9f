"""The image server, asked over HTTP: one of five requests is a hit, the others are compressed.

The cache is so small that only the smallest picture fits, so the others are missed each time.
"""

import json
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random

from imaging.pictures import (
    EXAMPLE,
    PICTURES,
    SMALL,
    compress_alone,
    cut,
    prepare,
    targets,
    targets_of,
)
from measuring.builds import BUILD, FLUX, program
from measuring.machine import Interval
from measuring.processes import Command, Served, printed_port, serving

from observing import machine
from observing.conditions import Conditions
from observing.observation import Run, read_latencies
from observing.schedules import Need, Planned, write
from observing.typical import Queue

MEDIUM, MEDIUM_SIZE = "medium", (800, 560)
ASKED = (SMALL, MEDIUM, "landscape")
WEIGHTS = (1, 3, 1)
COSTS = (0.1, 1.4, 3.3)
"""About how many ms of processor time each needs: the first is a hit."""
CACHE = 24_000  # bytes: the smallest picture's 16 KB fit, the others' don't
CONNECTIONS = 64
FIRST = 100
"""Requests that fill the cache."""
OWN: Command = ["--", "--port", "0", "--root", PICTURES, "--cache-bytes", str(CACHE)]
FILES = BUILD / "observing"


def needs(random: Random, flows: int) -> list[Need]:
    """Which picture each request asks for: in any order, but as many of each as weights say.

    Drawn one by one, the pictures of 600 requests need 3 % more or less than on average, which
    would say nothing of a prediction.
    """
    one_by_one = [picture for picture, weight in enumerate(WEIGHTS) for _ in range(weight)]
    pictures = one_by_one * (flows // len(one_by_one))
    pictures += random.sample(one_by_one, flows - len(pictures))
    random.shuffle(pictures)
    return [(picture,) for picture in pictures]


def queue(cpus: int) -> Queue:
    """What requests wait for: processors."""
    return Queue(cpus, lambda need: COSTS[int(need[0])])


def build() -> Path:
    """The server in C++, its pictures, and the load generator."""
    program("load")
    prepare()
    cut(PICTURES / "landscape.ppm", PICTURES / f"{MEDIUM}.ppm", *MEDIUM_SIZE)
    compress_alone(MEDIUM, seconds=0, pixels="memory")
    folder = BUILD / "image-server"
    command: Command = [FLUX, "build", EXAMPLE / "image.flux", "--target", "cpp", "-o", folder]
    subprocess.run(command, check=True, capture_output=True)
    subprocess.run(["make", "-s", "-j2", "-C", folder, "CXXFLAGS=-O2"], check=True)
    return folder / "image"


class Asked:
    """A server that is asked for pictures."""

    def __init__(self, served: Served, cpus: int, wanted: Path) -> None:
        self._served, self._cpus, self._wanted = served, cpus, wanted
        asked = needs(Random(FIRST), FIRST)  # noqa: S311 - the same each time
        first = [Planned(0.01 * n, need) for n, need in enumerate(asked)]
        self.demand = self.observe(first, 0).cpu / FIRST
        """About how much processor time a request needs, in seconds."""

    def observe(self, schedule: Sequence[Planned], seed: int) -> Run:
        """Ask as a schedule says."""
        planned, results = write(schedule, FILES / "requests"), FILES / "replies"
        watch = machine.Watch(self._cpus)
        interval, before = Interval(), self._served.cpu_seconds()
        counts = self._load(planned, results, schedule[-1].due)
        seen = watch.seen()
        seconds, cpu = interval.seconds(), self._served.cpu_seconds() - before
        dues, latencies = zip(*sorted(read_latencies(results)), strict=True)
        conditions = Conditions(
            others=interval.others(cpu + counts["cpu_seconds"] + seen.own),
            load=counts["cpu_seconds"] / seconds / (self._cpus if self._shares else 1),
            shares=self._shares,
            failed=len(schedule) - len(dues),
            stopped=seen.stopped,
            pace=seen.pace,
        )
        load = counts["cpu_seconds"]
        return Run(seed, dues, latencies, len(schedule), cpu, conditions, load=load)

    @property
    def _shares(self) -> bool:
        return self._cpus == machine.processors()

    def _load(self, planned: Path, results: Path, end: float) -> dict[str, float]:
        command: Command = [program("load"), "--port", str(self._served.port), "--targets",
            self._wanted, "--connections", str(CONNECTIONS), "--seconds", str(end + 0.01),
            "--schedule", planned, "--latencies", results]  # fmt: skip
        counts: dict[str, float] = json.loads(subprocess.check_output(machine.load(command)))
        return counts


@contextmanager
def asked(command: Command, cpus: int, *, native: bool) -> Iterator[Asked]:
    """A server, with its cache filled."""
    FILES.mkdir(parents=True, exist_ok=True)
    with serving(machine.server(cpus, [*command, *OWN]), printed_port) as served:
        wanted = targets(*ASKED) if native else targets_of(served.port, "pillow", *ASKED)
        yield Asked(served, cpus, wanted)

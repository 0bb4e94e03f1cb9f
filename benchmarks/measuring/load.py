"""Load on a server: what `load/` has measured, with the CPU that the server used for it."""

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from measuring.builds import program
from measuring.machine import DISTURBED, Interval
from measuring.processes import LOAD_CORE, Command, Served, on_core

BUSY = 0.9  # of its processor: a load generator that uses more may be what is measured

Failures = dict[str, int]


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of a server: see the options of `load/`, which these become."""

    targets: Path
    connections: int = 8
    seconds: float = 1
    close_every: int = 0
    rate: float = 0
    patience: float = 10
    soon: float = 1
    field: str = ""
    compare_every: int = 0  # its own choice
    signal: int = 0
    signal_after: float = 0

    def words(self) -> list[str]:
        """The command line."""
        pairs = ((name, value) for name, value in asdict(self).items() if value)
        return [word for name, value in pairs for word in (_option(name), str(value))]


@dataclass(frozen=True, slots=True)
class Sample:
    """What came of it."""

    seconds: float
    replies: int  # good ones
    rate: float  # of these, a second, up to the end of the time that was asked for
    soon: float  # the same, of those that came soon
    cpu: float  # microseconds of the server for one reply
    mean: float  # microseconds
    p50: float
    p99: float
    failures: Failures
    stuck: int  # clients that waited for a reply until they lost patience
    unsent: int
    awaited: int
    lost: int
    busy: float  # the share of its processor that the load generator used
    others: float  # processors used by anybody else

    @property
    def errors(self) -> int:
        """Replies that were wrong, or broke off."""
        return sum(self.failures.values()) - self.stuck


def put(load: Load, server: Served, tries: int) -> Sample:
    """Put load on a server, again if others disturb the measurement: the least disturbed one."""
    return least_disturbed(lambda: put_once(load, server), tries)


def least_disturbed(measure: Callable[[], Sample], tries: int) -> Sample:
    """Measure until others don't disturb it, but so many times at most: the best of these."""
    samples: list[Sample] = []
    while len(samples) < tries and all(each.others > DISTURBED for each in samples):
        samples.append(measure())
    return min(samples, key=lambda sample: sample.others)


def thriftiest(samples: Mapping[str, Sample]) -> str:
    """The choice that needs the least CPU for a request, without losing a tenth of speed."""
    fastest = max(sample.rate for sample in samples.values())
    fast = {choice: each.cpu for choice, each in samples.items() if each.rate >= 0.9 * fastest}
    return min(fast, key=fast.__getitem__)


def put_once(load: Load, server: Served) -> Sample:
    """Put load on a server."""
    command: Command = [program("load"), "--port", str(server.port), *load.words()]
    interval, before = Interval(), server.cpu_seconds()
    output = subprocess.check_output(on_core(LOAD_CORE, command), text=True)
    seconds, used = interval.seconds(), server.cpu_seconds() - before
    counts = json.loads(output)
    others = interval.others(used + counts["cpu_seconds"])
    return _sample(load, counts, seconds=seconds, used=used, others=others)


def _sample(
    load: Load, counts: dict[str, Any], *, seconds: float, used: float, others: float
) -> Sample:
    return Sample(
        seconds=seconds,
        replies=counts["replies"],
        rate=counts["in_time"] / load.seconds,
        soon=counts["soon"] / load.seconds,
        cpu=used / max(1, counts["replies"]) * 1e6,
        mean=counts["mean_us"],
        p50=counts["p50_us"],
        p99=counts["p99_us"],
        failures=counts["failures"],
        stuck=counts["failures"].get("patience", 0),
        unsent=counts["unsent"],
        awaited=counts["awaited"],
        lost=counts["lost"],
        busy=counts["cpu_seconds"] / seconds,
        others=others,
    )


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")

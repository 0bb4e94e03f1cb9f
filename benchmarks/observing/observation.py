"""What a run of a server has come to, and several of them together."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil
from pathlib import Path
from statistics import fmean

from observing.conditions import Conditions, why_void


@dataclass(frozen=True, slots=True)
class Run:
    """One run: when flows were due and how long they took, in seconds."""

    seed: int
    dues: tuple[float, ...]
    latencies: tuple[float, ...]
    planned: int
    cpu: float  # that the server used, in seconds
    conditions: Conditions
    tries: int = 1
    load: float = 0.0  # processor time that the load generator used, in seconds

    @property
    def void(self) -> str | None:
        """Why it doesn't count, if so."""
        return why_void(self.conditions)

    @property
    def seconds(self) -> float:
        """From the start to the end of the last flow."""
        return max(map(sum, zip(self.dues, self.latencies, strict=True)), default=0.0)


@dataclass(frozen=True, slots=True)
class Observed:
    """The runs of a point together."""

    flows: int
    throughput: float
    mean: float
    p95: float
    cpu: float  # seconds a flow


def together(runs: Sequence[Run]) -> Observed:
    """All flows of several runs."""
    latencies = sorted(chain.from_iterable(run.latencies for run in runs))
    flows = len(latencies)
    return Observed(
        flows=flows,
        throughput=flows / sum(run.seconds for run in runs),
        mean=fmean(latencies),
        p95=latencies[ceil(0.95 * flows) - 1],
        cpu=sum(run.cpu for run in runs) / flows,
    )


def read_latencies(path: Path) -> list[tuple[float, ...]]:
    """The lines of a file of numbers, in order of the first."""
    return [tuple(map(float, line.split())) for line in path.read_text().splitlines()]

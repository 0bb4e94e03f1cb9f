"""Points: a server, its processors and a utilisation; what was observed there, and predicted."""

from collections.abc import Sequence
from dataclasses import dataclass

from flux.simulation.prediction.intervals import Estimate
from observing.observation import Observed, Run, together

LIGHT = 0.7
"""Up to this utilisation the narrower goals hold."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where a server was observed."""

    study: str
    cpus: int
    utilisation: float
    rate: float
    runs: tuple[Run, ...]
    emulated: bool

    @property
    def counted(self) -> tuple[Run, ...]:
        """The runs that aren't void."""
        return tuple(run for run in self.runs if run.void is None)

    @property
    def is_light(self) -> bool:
        """Whether the narrower goals hold."""
        return self.utilisation <= LIGHT


@dataclass(frozen=True, slots=True)
class Predicted:
    """What was predicted of a point; nothing if flows would come faster than they can end."""

    throughput: Estimate
    mean: Estimate
    p95: Estimate
    cpu: float  # seconds a flow
    doubts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """Both."""

    point: Point
    predicted: Predicted | None

    @property
    def observed(self) -> Observed | None:
        """What was observed, if any run counts."""
        return together(self.point.counted) if self.point.counted else None


def stretched(each: Estimate, factor: float) -> Estimate:
    """So many times an estimate."""
    return Estimate(each.value * factor, each.low * factor, each.high * factor)


def shifted(each: Estimate, by: float) -> Estimate:
    """An estimate of so much more."""
    return Estimate(each.value + by, each.low + by, each.high + by)

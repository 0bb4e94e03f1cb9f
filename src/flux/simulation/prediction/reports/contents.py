"""What there is to report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flux.simulation.model import Model
from flux.simulation.prediction.alternatives import Ranking
from flux.simulation.prediction.demands import offered
from flux.simulation.prediction.objectives import Objective
from flux.simulation.prediction.replay import Replay
from flux.simulation.prediction.replications import Prediction
from flux.simulation.prediction.sizing import Size
from flux.simulation.prediction.sweeps import Point


@dataclass(frozen=True, slots=True)
class Sweep:
    """Settings in turn; `wanted` is how many were asked for."""

    points: tuple[Point, ...]
    wanted: int
    objective: Objective | None = None


@dataclass(frozen=True, slots=True)
class Sized:
    """The smallest machine, and all that were tried on the way."""

    size: Size
    tried: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Changes of a program, and what they gain."""

    kind: Literal["speedup", "granularity", "what-if"]
    ranking: Ranking
    title: str
    objective: Objective | None = None


Report = Sweep | Sized | Ranked | Replay

COLUMNS = {"cpus": "cpus", "threads": "threads", "max_flows": "max flows", "rate": "rate"}


def setting_of(model: Model) -> dict[str, float | None]:
    """What a model's setting is, whether it was asked for or is its own."""
    machine = model.machine
    return {
        "cpus": machine.processors,
        "threads": machine.threads,
        "max_flows": machine.max_flows,
        "rate": offered(model),
    }


def varied(predictions: Sequence[Prediction]) -> list[str]:
    """The parts of the setting in which predictions differ."""
    settings = [setting_of(prediction.model) for prediction in predictions]
    return [key for key in COLUMNS if len({setting[key] for setting in settings}) > 1]

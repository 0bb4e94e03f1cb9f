"""What a server has to hold: `p95=50ms`."""

import re
from dataclasses import dataclass
from typing import Literal

from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.measures import LATENCIES
from flux.simulation.prediction.replications import Prediction

_UNITS = {"us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
_FORM = re.compile(r"(?P<name>\w+) ?= ?(?P<number>\d{1,9}(\.\d{1,9})?) ?(?P<unit>[a-zµ]+)")

Holds = Literal["yes", "no", "perhaps"]


class ObjectiveError(Exception):
    """A text that is no objective; the message says what to write."""


@dataclass(frozen=True, slots=True)
class Objective:
    """A latency that mustn't be longer: its `mean`, `p50`, `p95` or `p99`, in seconds."""

    name: str
    most: float

    def holds(self, prediction: Prediction) -> Holds:
        """Whether it does: for sure, surely not, or the interval leaves it open."""
        return "no" if prediction.is_saturated else self._judged(prediction.latency(self.name))

    def _judged(self, found: Estimate) -> Holds:
        if found.high <= self.most:
            return "yes"
        return "perhaps" if found.low <= self.most else "no"


def objective(text: str) -> Objective:
    """The objective that a text states.

    Raises:
        ObjectiveError: It states none.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None or found["name"] not in LATENCIES or found["unit"] not in _UNITS:
        raise ObjectiveError(
            f"{text!r} is no objective: write a latency and its limit, such as p95=50ms;"
            f" there are {', '.join(LATENCIES)}, and us, ms, s"
        )
    most = float(found["number"]) * _UNITS[found["unit"]]
    if not most:
        raise ObjectiveError(f"{text!r} can't be held: no flow takes no time")
    return Objective(found["name"], most)

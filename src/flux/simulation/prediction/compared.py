"""A value as it was measured beside what is predicted, and whether that is near enough."""

from dataclasses import dataclass
from typing import Literal

from flux.simulation.prediction.intervals import Estimate

Unit = Literal["time", "rate", "number", "share"]


@dataclass(frozen=True, slots=True)
class Row:
    """A value; times are in seconds.

    `allowed` is by how much of it the prediction may be off; None if that isn't judged. `chance`
    are the bounds between which what was measured would lie if it were measured again, if it is
    known to be that unsure.
    """

    about: str
    name: str
    unit: Unit
    measured: float
    predicted: Estimate
    allowed: float | None = None
    chance: tuple[float, float] | None = None

    @property
    def off(self) -> float | None:
        """By how much of what was measured the prediction is too large."""
        return self.predicted.value / self.measured - 1 if self.measured else None

    @property
    def is_within(self) -> bool:
        """Whether what was measured is in the interval of what is predicted."""
        return self.predicted.low <= self.measured <= self.predicted.high

    @property
    def is_miss(self) -> bool:
        """Whether the prediction is further off than is allowed, chance taken off."""
        if self.allowed is None or self.off is None:
            return False
        low, high = self.chance or (self.measured, self.measured)
        return not low * (1 - self.allowed) <= self.predicted.value <= high * (1 + self.allowed)

    @property
    def strain(self) -> float:
        """How far off it is, of what is allowed; 0 if that isn't judged."""
        return abs(self.off or 0.0) / self.allowed if self.allowed else 0.0

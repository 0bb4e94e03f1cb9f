"""How much is observed."""

from collections.abc import Mapping
from dataclasses import dataclass

LOW, BUSY = 0.25, 0.75
"""Times are those at the low load; how they fall with load, both tell."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The seeds of schedules, and how many seconds each lasts by utilisation."""

    seeds: tuple[int, ...]
    seconds: Mapping[float, float]
    loads: tuple[float, ...]  # of the starts that are calibrated before each seed: parts of all
    calibration: float  # seconds of each
    runs: int  # of the simulator
    retries: int  # of a void run


BOTH = (LOW, BUSY)
FULL = Settings((11, 12, 13), {0.3: 2, 0.5: 2.5, 0.7: 3.5, 0.9: 6}, 2 * BOTH, 6, 20, 3)
QUICK = Settings((11,), {0.5: 1, 0.9: 1.5}, BOTH, 2, 20, 0)

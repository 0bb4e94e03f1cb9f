"""How much is observed."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The seeds of schedules, and how many seconds each lasts by utilisation."""

    seeds: tuple[int, ...]
    seconds: Mapping[float, float]
    starts: int  # of each server that are calibrated
    calibration: float  # seconds of each
    runs: int  # of the simulator
    retries: int  # of a void run


FULL = Settings((11, 12, 13), {0.3: 2, 0.5: 2.5, 0.7: 3.5, 0.9: 6}, 3, 10, 20, 3)
QUICK = Settings((11,), {0.5: 1, 0.9: 1.5}, 2, 2, 20, 0)

"""How long to measure, and how often."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The measurements of a run."""

    rounds: int
    seconds: float  # of each measurement
    warming: float  # seconds of load before the first round
    tries: int  # of a measurement that others disturb


FULL = Settings(rounds=5, seconds=1.5, warming=0.5, tries=3)
SHORT = Settings(rounds=1, seconds=0.5, warming=0.3, tries=1)

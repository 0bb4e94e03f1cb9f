"""How long to measure, and how often."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The measurements of a run."""

    rounds: int
    seconds: float  # of each measurement
    warming: float  # seconds of load before each measurement, which don't count
    choosing: float  # seconds of each configuration of a peer, to find the best
    tries: int  # of a measurement that others disturb


FULL = Settings(rounds=5, seconds=1.0, warming=0.1, choosing=0.3, tries=3)
QUICK = Settings(rounds=1, seconds=0.25, warming=0.05, choosing=0.1, tries=1)
PAPER = Settings(rounds=5, seconds=100, warming=20, choosing=5, tries=3)
"""The paper's (section 4.1): two minutes, of which the first twenty seconds don't count."""

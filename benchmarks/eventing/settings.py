"""How long to measure, and how much."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The measurements of a run: how many, and how long each."""

    rounds: int
    seconds: float
    choosing: float  # seconds of each configuration of a peer, to find the best
    idle: int  # connections that are open and silent
    quiet: float  # seconds in which nothing happens
    tries: int  # of a measurement that others disturb


FULL = Settings(rounds=5, seconds=1.5, choosing=0.5, idle=10_000, quiet=5, tries=3)
QUICK = Settings(rounds=1, seconds=0.3, choosing=0.2, idle=10_000, quiet=1, tries=1)

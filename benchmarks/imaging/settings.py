"""How long to measure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """The measurements of a run: how many, and how long each."""

    rounds: int
    seconds: float
    overload: float  # seconds of each level of load
    stops: int  # servers stopped under load, of each kind
    tries: int  # of a measurement that others disturb


FULL = Settings(rounds=5, seconds=1.2, overload=5, stops=5, tries=3)
QUICK = Settings(rounds=1, seconds=0.3, overload=1.5, stops=1, tries=1)

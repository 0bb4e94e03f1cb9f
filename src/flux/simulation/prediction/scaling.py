"""How often flows arrive, and arrivals that come so many times as often."""

from dataclasses import replace

from flux.simulation.arithmetic import mean_time, scaled
from flux.simulation.model import Arrivals, Closed, Open, Recorded


def rate(arrivals: Arrivals) -> float | None:
    """How many flows come in a second; None if that depends on how fast they end."""
    match arrivals:
        case Open(between=between, burst=burst):
            return burst / mean_time(between) if mean_time(between) else None
        case Recorded(between=between):
            return len(between) / sum(between) if sum(between) else None
        case Closed():
            return None


def hastened(arrivals: Arrivals, factor: float) -> Arrivals:
    """Arrivals, so many times as often."""
    match arrivals:
        case Open(between=between):
            return replace(arrivals, between=scaled(between, 1 / factor))
        case Recorded(between=between):
            return Recorded(tuple(each / factor for each in between))
        case Closed():
            return arrivals

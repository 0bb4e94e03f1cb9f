"""How often flows arrive, and other arrivals for a model than those that it came with."""

from dataclasses import replace

from flux.simulation.arithmetic import mean_time, scaled
from flux.simulation.model import Arrivals, Closed, Model, Open, Recorded
from flux.simulation.times import Exponential, Time


def rate_of(arrivals: Arrivals) -> float | None:
    """How many flows come in a second; None if that depends on how fast they end."""
    match arrivals:
        case Open(between=between, burst=burst):
            return burst / mean_time(between) if mean_time(between) else None
        case Recorded(between=between):
            return len(between) / sum(between) if sum(between) else None
        case Closed():
            return None


def at_rate(model: Model, rate: float) -> Model:
    """So many flows a second in all: arrivals keep their kind, and sources their shares.

    Clients wait for their flows no more, but come by chance (Poisson), as one flow a second each
    beside the others. Some source must send flows.
    """
    rates = [rate_of(source.arrivals) for source in model.sources]
    factor = rate / sum(1.0 if each is None else each for each in rates)
    sources = tuple(
        replace(source, arrivals=hastened(source.arrivals, factor)) for source in model.sources
    )
    return replace(model, sources=sources)


def hastened(arrivals: Arrivals, factor: float) -> Arrivals:
    """Arrivals, so many times as often; clients come so many times a second."""
    match arrivals:
        case Open(between=between):
            return replace(arrivals, between=scaled(between, 1 / factor))
        case Recorded(between=between):
            return Recorded(tuple(each / factor for each in between))
        case Closed():
            return Open(Exponential(1 / factor))


def with_clients(model: Model, clients: int, think: Time) -> Model:
    """Each source has so many clients who wait for their flows, and think in between."""
    arrivals = Closed(clients, think)
    sources = tuple(replace(source, arrivals=arrivals) for source in model.sources)
    return replace(model, sources=sources)

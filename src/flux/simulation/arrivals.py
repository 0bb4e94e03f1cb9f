"""Other arrivals for a model than those that it came with."""

from dataclasses import replace

from flux.simulation.arithmetic import mean_time
from flux.simulation.model import Arrivals, Closed, Model, Open, Recorded, Source
from flux.simulation.times import Exponential, Time


def with_rate(model: Model, rate: float) -> Model:
    """Flows arrive by chance (Poisson), so many a second in all.

    Sources keep their shares of them; those with clients count as one flow a second each.
    """
    rates = [arrival_rate(source.arrivals) for source in model.sources]
    sources = tuple(
        replace(source, arrivals=Open(Exponential(sum(rates) / (rate * own))))
        for source, own in zip(model.sources, rates, strict=True)
    )
    return replace(model, sources=sources)


def with_clients(model: Model, clients: int, think: Time) -> Model:
    """Each source has so many clients who wait for their flows, and think in between."""
    arrivals = Closed(clients, think)
    return replace(model, sources=tuple(_with(source, arrivals) for source in model.sources))


def arrival_rate(arrivals: Arrivals) -> float:
    """How many flows arrive a second; 1 for clients, whose rate depends on the server."""
    match arrivals:
        case Open(between=between, burst=burst):
            return burst / mean_time(between)
        case Recorded(between=between):
            return len(between) / sum(between)
        case Closed():
            return 1.0


def _with(source: Source, arrivals: Arrivals) -> Source:
    return replace(source, arrivals=arrivals)

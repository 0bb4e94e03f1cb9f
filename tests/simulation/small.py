"""Small models, by what they are called in textbooks."""

from flux.simulation.model import (
    Closed,
    Constraint,
    Function,
    Give,
    Machine,
    Model,
    Open,
    Route,
    Run,
    Source,
    Take,
)
from flux.simulation.times import NOTHING, Exponential

PLENTY = 1000
"""So many processors that nobody ever waits for one."""


def queue(rate, service, burst=1, *, gil=0.0, **machine):
    """Flows arrive without memory, and each is one call."""
    return model(
        Open(Exponential(burst / rate), burst),
        [Function("Serve", service, gil=gil)],
        (Run(0),),
        **machine,
    )


def clients(number, think, service):
    """Clients share one processor."""
    return model(Closed(number, Exponential(think)), [Function("Serve", service)], (Run(0),))


def locked(rate, service, mode="writer", scope="program", sessions=1, **machine):
    """What takes time is I/O under a constraint: nothing but the constraint is waited for."""
    steps = (Take(0, mode), Run(0), Give(0, mode))
    constraints = (Constraint("cache", scope),)
    functions = [Function("Read", NOTHING, service)]
    machine = {"processors": PLENTY} | machine
    return model(Open(Exponential(1 / rate)), functions, steps, constraints, sessions, **machine)


def stations(number, think, services):
    """Clients go through constraints in turn, under each of which there is I/O."""
    functions = [Function("Read", NOTHING, Exponential(mean)) for mean in services]
    steps = tuple(
        step
        for place in range(len(services))
        for step in (Take(place, "writer"), Run(place), Give(place, "writer"))
    )
    constraints = tuple(Constraint("station") for _ in services)
    return model(
        Closed(number, Exponential(think)), functions, steps, constraints, processors=PLENTY
    )


def model(arrivals, functions, steps, constraints=(), sessions=1, **machine):
    """One source with one route."""
    source = Source("Listen", arrivals, (Route("Listen/Serve", 1.0, tuple(steps)),))
    return Model(
        "small", (source,), tuple(functions), tuple(constraints), Machine(**machine), sessions
    )


def mean(result):
    """The mean latency."""
    return result.latencies.total / result.latencies.count

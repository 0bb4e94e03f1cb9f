"""From what a profile says of its server to the machine that a model runs on."""

from flux.profile.model import Served
from flux.simulation.model import Machine

PATIENCE = 0.001
"""For how long the locks of both targets let newcomers be faster (`flux.runtime.gate`)."""


def machine_of(server: Served) -> Machine:
    """The machine as it was: all of our runtimes let a flow run until it blocks.

    A pool's queue bounds the flows as `max_flows` does, for a source that finds no place waits. The
    event runtime has as many processors as loops, whatever else the machine has.
    """
    event = server.runtime == "event"
    processors = min(server.cores or server.processors, server.processors) if event else None
    return Machine(
        processors=max(processors or server.processors, 1),
        loops=event,
        threads=server.threads,
        max_flows=_places(server),
        policy="barging",
        patience=PATIENCE,
    )


def has_gil(server: Served) -> bool:
    """Whether nodes need Python's lock for processor time."""
    return server.target == "python"


def _places(server: Served) -> int | None:
    bounds = [] if server.max_flows is None else [server.max_flows]
    if server.threads is not None and server.queue is not None:
        bounds.append(server.threads + server.queue)
    return min(bounds, default=None)

"""From what a profile says of its server to the machine that a model runs on."""

from flux.profile.model import Served
from flux.simulation.calibration.measured import NANOSECOND
from flux.simulation.errors import SimulationError
from flux.simulation.model import Machine
from flux.simulation.parameters.hardware import MOST

PATIENCE = 0.001
"""For how long the locks of both targets let newcomers be faster (`flux.runtime.gate`)."""

LEAST = {"processors": 0, "threads": 1, "queue": 0, "cores": 1, "max_flows": 1}
"""What a server has at least, if anything; how many processors it had may be unknown."""


def machine_of(server: Served, name: str) -> Machine:
    """The machine as it was: all of our runtimes let a flow run until it blocks.

    A pool's queue bounds the flows as `max_flows` does, for a source that finds no place waits.

    Raises:
        SimulationError: The numbers of the profile, which `name` is, are none of a server.
    """
    _check(server, name)
    return Machine(
        processors=processors_of(server),
        loops=server.runtime == "event",
        threads=server.threads,
        max_flows=_places(server),
        policy="barging",
        patience=PATIENCE,
        turns=True,
        wakeup=(server.wakeup or 0) * NANOSECOND,
    )


def processors_of(server: Served) -> int:
    """How many processors carry flows: the event runtime uses no more than it has loops."""
    most = max(server.processors, 1)
    return min(server.cores or most, most) if server.runtime == "event" else most


def has_gil(server: Served) -> bool:
    """Whether nodes need Python's lock for processor time."""
    return server.target == "python"


def _places(server: Served) -> int | None:
    bounds = [] if server.max_flows is None else [server.max_flows]
    if server.threads is not None and server.queue is not None:
        bounds.append(server.threads + server.queue)
    return min(bounds, default=None)


def _check(server: Served, name: str) -> None:
    for field, least in LEAST.items():
        number = getattr(server, field)
        if number is not None and not least <= number <= MOST:
            raise SimulationError(f"{name} is damaged: its server has {number} for `{field}`")

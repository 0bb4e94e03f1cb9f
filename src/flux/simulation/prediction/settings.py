"""What a prediction varies of a model: processors, threads, places, and how many flows come."""

from dataclasses import dataclass, replace

from flux.simulation.arrivals import at_rate
from flux.simulation.model import Closed, Model, Source
from flux.simulation.prediction.demands import chances, offered
from flux.simulation.times import NOTHING

CROWD = 64
"""Without a pool, so many flows for each processor keep it busy."""


class SettingError(Exception):
    """A setting that a model can't have; the message says why, and what helps."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is set; None leaves the model's own."""

    cpus: int | None = None
    threads: int | None = None
    max_flows: int | None = None
    rate: float | None = None


def applied(model: Model, setting: Setting) -> Model:
    """The model under a setting.

    Raises:
        SettingError: Its flows come when others have ended, so they have no rate, or it can have
            no pool.
    """
    if setting.threads is not None and model.machine.loops:
        raise SettingError("the event runtime has no threads of a pool: leave --threads away")
    machine = replace(
        model.machine,
        processors=setting.cpus or model.machine.processors,
        threads=setting.threads or model.machine.threads,
        max_flows=setting.max_flows or model.machine.max_flows,
    )
    changed = replace(model, machine=machine)
    if setting.rate is None:
        return changed
    if not offered(model):
        raise SettingError(_no_rate(model))
    return at_rate(changed, setting.rate)


def crowded(model: Model) -> Model:
    """The model with as many flows as it can take, and another whenever one ends.

    Their routes are as likely as those of all sources together; what then ends in a second is the
    most that it can carry.
    """
    machine = model.machine
    clients = 2 * machine.threads if machine.threads else CROWD * machine.processors
    routes = tuple(replace(route, weight=chance) for route, chance in chances(model))
    source = Source("all sources", Closed(clients, NOTHING), routes)
    return replace(model, sources=(source,))


def _no_rate(model: Model) -> str:
    closed = next((each for each in model.sources if isinstance(each.arrivals, Closed)), None)
    if closed is None:
        return "no source sends any flow, so there is no rate to change: give each its arrivals"
    return (
        f"source {closed.name} has clients that wait for their answers, so --rate says nothing"
        " of it: change the number of clients, or give it arrivals that don't wait"
    )

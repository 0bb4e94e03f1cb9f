"""A silent crowd: what it costs in memory, in the time of those who speak, and in CPU."""

import time
from typing import NamedTuple

from measuring.load import Load, Sample, put, thriftiest
from measuring.processes import Served
from measuring.tables import ERRORS, errors, ratio, spread, table

from eventing import pages
from eventing.crowd import silent
from eventing.nginx import RETURN
from eventing.servers import OURS, SERVERS
from eventing.settings import Settings

BUSY = 64  # connections


class Round(NamedTuple):
    """One server, started for it: without the crowd, and with it."""

    alone: Sample
    crowded: Sample
    memory: float  # KiB for each of the crowd
    cpu: float  # of a processor, while nobody speaks


class Idle(NamedTuple):
    """What was measured, by server; and how many were silent."""

    crowd: int
    configurations: dict[str, str]
    servers: dict[str, list[Round]]


def measure(settings: Settings) -> Idle:
    """Every server in every round."""
    chosen = {name: _best(name, settings) for name in SERVERS}
    rounds: dict[str, list[Round]] = {name: [] for name in SERVERS}
    for _ in range(settings.rounds):
        for name, choice in chosen.items():
            with SERVERS[name]() as configurations:
                rounds[name].append(_round(configurations[choice], settings))
    return Idle(settings.idle, chosen, rounds)


def text(idle: Idle) -> str:
    """The table."""
    ours = [each.memory for each in idle.servers[OURS]]
    rows = []
    for name, rounds in idle.servers.items():
        alone = [each.alone.p99 for each in rounds]
        crowded = [each.crowded.p99 for each in rounds]
        memory = [each.memory for each in rounds]
        choice = idle.configurations[name]
        row = [f"{name}, `{choice}`" if choice else name]
        row += [ratio(memory, ours), ratio(crowded, alone), spread(memory, 2)]
        row += [spread([each.cpu * 100 for each in rounds], 2), spread(crowded), spread(alone)]
        samples = [sample for each in rounds for sample in (each.alone, each.crowded)]
        rows.append([*row, *errors(samples)])
    head = [f"{idle.crowd:,} idle connections, {BUSY} busy ones", "its memory / ours"]
    head += ["p99 with them / without", "KiB each", "CPU % when all are idle"]
    return table([*head, "p99 us with them", "p99 us without", *ERRORS], rows)


def _round(server: Served, settings: Settings) -> Round:
    load = Load(pages.targets(1), BUSY, settings.seconds)
    put(load, server, 1)  # what a server makes once is made then
    alone, before = put(load, server, settings.tries), server.memory()
    with silent(server.port, settings.idle):
        memory = (server.memory() - before) * 1024 / settings.idle
        crowded = put(load, server, settings.tries)
        return Round(alone, crowded, memory, _cpu(server, settings.quiet))


def _cpu(server: Served, seconds: float) -> float:
    """The share of a processor that a server uses when nothing happens."""
    time.sleep(0.5)  # the busy ones have left
    before = server.cpu_seconds()
    time.sleep(seconds)
    return (server.cpu_seconds() - before) / seconds


def _best(name: str, settings: Settings) -> str:
    with SERVERS[name]() as configurations:
        load = Load(pages.targets(1), BUSY, settings.choosing)
        return thriftiest(
            {
                choice: put(load, server, settings.tries)
                for choice, server in configurations.items()
                if choice != RETURN
            }
        )

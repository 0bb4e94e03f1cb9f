"""Requests a second, their latencies and their CPU, by how many clients there are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from measuring.load import Load, Sample, put, put_once, thriftiest
from measuring.processes import Served
from measuring.tables import ERRORS, errors, ratio, spread, table

from hosting.servers import Ways
from hosting.settings import Settings

CLIENTS = (1, 8, 32, 128, 512)
REQUESTS = 5  # of a client, who then connects anew


class Rates(NamedTuple):
    """What was measured with so many clients, and how each server was configured there."""

    clients: int
    configurations: dict[str, str]
    servers: dict[str, list[Sample]]


def warm(servers: Mapping[str, Ways], targets: Path, settings: Settings) -> None:
    """Have every server seen most of what it will be asked for."""
    load = Load(targets, 32, settings.seconds, REQUESTS)
    for ways in servers.values():
        for server in ways.values():
            put_once(load, server)


def measure(servers: Mapping[str, Ways], targets: Path, clients: int, settings: Settings) -> Rates:
    """Ask every server for the same, in turn."""
    load = Load(targets, clients, settings.seconds, REQUESTS, compare_every=1)
    chosen = {name: _best(load, ways, settings) for name, ways in servers.items()}
    samples: dict[str, list[Sample]] = {name: [] for name in servers}
    for _ in range(settings.rounds):
        for name, ways in servers.items():
            samples[name].append(_put(load, ways[chosen[name]], settings))
    return Rates(clients, chosen, samples)


def text(rates: Rates, title: str, names: Sequence[str]) -> str:
    """A table of some servers; the first of them is what the others are compared with."""
    ours = rates.servers[names[0]]
    clients = f"{rates.clients} client{'s' if rates.clients > 1 else ''}"
    head = [f"{title}, {clients}", "its CPU / ours", "our rate / its", "CPU us a request"]
    head += ["requests/s", "mean us", "p99 us", *ERRORS]
    return table(head, [_row(rates, name, ours) for name in names])


def cpu_ratio(rates: Rates, peer: str, ours: str) -> str:
    """How many times our CPU for a request a peer needs."""
    theirs, own = ([sample.cpu for sample in rates.servers[name]] for name in (peer, ours))
    return ratio(theirs, own)


def _row(rates: Rates, name: str, ours: Sequence[Sample]) -> list[str]:
    samples, choice = rates.servers[name], rates.configurations[name]
    cpu, speed = [each.cpu for each in samples], [each.rate for each in samples]
    row = [f"{name}, `{choice}`" if choice else name]
    row += [ratio(cpu, [each.cpu for each in ours]), ratio([each.rate for each in ours], speed)]
    row += [spread(cpu, 1), spread(speed)]
    row += [spread([each.mean for each in samples]), spread([each.p99 for each in samples])]
    return [*row, *errors(samples)]


def _best(load: Load, ways: Ways, settings: Settings) -> str:
    """The way that needs the least CPU; where there is no choice, nothing is measured."""
    if len(ways) == 1:
        return next(iter(ways))
    short = replace(load, seconds=settings.choosing)
    return thriftiest({name: put(short, server, settings.tries) for name, server in ways.items()})


def _put(load: Load, server: Served, settings: Settings) -> Sample:
    put_once(replace(load, seconds=settings.warming), server)
    return put(load, server, settings.tries)

"""Requests a second, and the CPU of each: clients that stay, and clients that come anew."""

from collections.abc import Mapping
from contextlib import ExitStack
from itertools import product
from typing import NamedTuple

from measuring.load import Load, Sample, put, thriftiest
from measuring.processes import Served
from measuring.tables import ERRORS, errors, ratio, spread, table

from eventing import pages
from eventing.nginx import RETURN
from eventing.servers import NGINX, OURS, SERVERS
from eventing.settings import Settings
from eventing.wrk import Wrk, put_by_wrk

OWN = "load"
WRK = "wrk"

Configurations = Mapping[str, Served]


class Case(NamedTuple):
    """What is asked, and by whom."""

    size: int  # KiB
    connections: int
    close_every: int = 0
    client: str = OWN

    @property
    def title(self) -> str:
        """What the table says."""
        closing = f"closing each {self.close_every}th" if self.close_every else "keep-alive"
        by = ", by wrk" if self.client == WRK else ""
        return f"{self.size} KB, {self.connections} connections, {closing}{by}"


class Rates(NamedTuple):
    """What was measured in one case, and how each server was configured there."""

    title: str
    configurations: dict[str, str]
    servers: dict[str, list[Sample]]


STAYING = [Case(*each) for each in product(pages.SIZES, (32, 256, 1000))]
CLOSING = [Case(1, *each) for each in product((32, 256), (5,), (OWN, WRK))]


def measure(settings: Settings) -> list[Rates]:
    """Ask every server for the same, in every case."""
    with ExitStack() as stack:
        ours = stack.enter_context(SERVERS[OURS]())
        pages.keep(ours[""].port)
        peers = {name: stack.enter_context(SERVERS[name]()) for name in SERVERS if name != OURS}
        servers: dict[str, Configurations] = {OURS: ours, **peers}
        returning = servers[NGINX].pop(RETURN)  # type: ignore[attr-defined]
        servers[f"{NGINX}, no file"] = {RETURN: returning}
        return [_measure(case, servers, settings) for case in (*STAYING, *CLOSING)]


def text(answers: list[Rates]) -> str:
    """A table for each case."""
    return "\n\n".join(_table(rates) for rates in answers)


def _measure(case: Case, servers: Mapping[str, Configurations], settings: Settings) -> Rates:
    chosen = {name: _best(case, each, settings) for name, each in servers.items()}
    samples: dict[str, list[Sample]] = {name: [] for name in servers}
    for _ in range(settings.rounds):
        for name, configurations in servers.items():
            server = configurations[chosen[name]]
            samples[name].append(_put(case, server, settings.seconds, settings.tries))
    return Rates(case.title, chosen, samples)


def _best(case: Case, configurations: Configurations, settings: Settings) -> str:
    samples = {
        name: _put(case, server, settings.choosing, settings.tries)
        for name, server in configurations.items()
    }
    return thriftiest(samples)


def _put(case: Case, server: Served, seconds: float, tries: int) -> Sample:
    size, connections, close_every, client = case
    if client == WRK:
        return put_by_wrk(Wrk(f"/{size}", connections, seconds, close_every), server, tries)
    load = Load(pages.targets(size), connections, seconds, close_every)
    return put(load, server, tries)


def _table(rates: Rates) -> str:
    ours = rates.servers[OURS]
    rows = []
    for name, samples in rates.servers.items():
        choice = rates.configurations[name]
        cpu, speed = [each.cpu for each in samples], [each.rate for each in samples]
        row = [f"{name}, `{choice}`" if choice else name]
        row += [ratio(cpu, [each.cpu for each in ours]), ratio([each.rate for each in ours], speed)]
        row += [spread(cpu, 1), spread(speed)]
        row += [spread([each.p50 for each in samples]), spread([each.p99 for each in samples])]
        rows.append([*row, *errors(samples)])
    head = [rates.title, "its CPU / ours", "our rate / its", "CPU us a request", "requests/s"]
    return table([*head, "p50 us", "p99 us", *ERRORS], rows)

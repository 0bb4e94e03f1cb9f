"""The CPU of a request, and requests a second: clients that stay, and clients that come anew."""

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import NamedTuple
from urllib.request import urlopen

from measuring.builds import BUILD
from measuring.load import Load, Sample, put
from measuring.processes import Served
from measuring.tables import ERRORS, errors, ratio, spread, table

from serving.servers import GEVENT, OURS, SOCKETIFY, UVICORN, all_servers
from serving.settings import Settings

AIMS = {UVICORN: 1.5, GEVENT: 1.5, SOCKETIFY: 1.0}  # times our CPU a request, in each case


class Case(NamedTuple):
    """What the clients do."""

    connections: int
    close_every: int

    @property
    def title(self) -> str:
        """What the table says."""
        closing = f"closing each {self.close_every}th" if self.close_every else "kept alive"
        return f"{self.connections} connections, {closing}"


class Rates(NamedTuple):
    """What was measured in one case, by server."""

    title: str
    servers: dict[str, list[Sample]]


CASES = [Case(*each) for each in product((32, 500), (0, 5))]


def measure(settings: Settings) -> list[Rates]:
    """Ask every server for the same, in every case, in turn."""
    with all_servers() as servers:
        targets = _targets(servers)
        return [_measure(case, servers, targets, settings) for case in CASES]


def text(answers: list[Rates]) -> str:
    """A table for each case, and one of the aims."""
    return "\n\n".join([*map(_table, answers), _aims(answers)])


def _targets(servers: Mapping[str, Served]) -> Path:
    """What to ask for, and what must come: the same from all of them."""
    found = {
        name: urlopen(f"http://127.0.0.1:{each.port}/").read() for name, each in servers.items()
    }
    wrong = [name for name, page in found.items() if page != found[OURS]]
    assert not wrong, f"other texts than ours come from {', '.join(wrong)}"
    page, targets = BUILD / "reply-page", BUILD / "reply-targets"
    page.write_bytes(found[OURS])
    targets.write_text(f"/ {page}\n")
    return targets


def _measure(case: Case, servers: Mapping[str, Served], targets: Path, settings: Settings) -> Rates:
    load = Load(targets, case.connections, settings.seconds, case.close_every)
    warming = Load(targets, case.connections, settings.warming, case.close_every)
    for server in servers.values():
        put(warming, server, 1)
    samples: dict[str, list[Sample]] = {name: [] for name in servers}
    for _ in range(settings.rounds):
        for name, server in servers.items():
            samples[name].append(put(load, server, settings.tries))
    return Rates(case.title, samples)


def _table(rates: Rates) -> str:
    ours = rates.servers[OURS]
    rows = []
    for name, samples in rates.servers.items():
        cpu, speed = [each.cpu for each in samples], [each.rate for each in samples]
        row = [name, ratio(cpu, [each.cpu for each in ours])]
        row += [ratio([each.rate for each in ours], speed), spread(cpu, 1), spread(speed)]
        row += [spread([each.p50 for each in samples]), spread([each.p99 for each in samples])]
        rows.append([*row, *errors(samples)])
    head = [rates.title, "its CPU / ours", "our rate / its", "CPU us a request", "requests/s"]
    return table([*head, "p50 us", "p99 us", *ERRORS], rows)


def _aims(answers: list[Rates]) -> str:
    """How far each aim is met: the medians."""
    rows = []
    for name, aim in AIMS.items():
        ratios = [_cpu_ratio(name, rates) for rates in answers]
        rows.append([f"{name}, at least {aim}", *ratios])
    return table(["its CPU / ours", *(rates.title for rates in answers)], rows)


def _cpu_ratio(name: str, rates: Rates) -> str:
    ours, theirs = rates.servers[OURS], rates.servers[name]
    return ratio([each.cpu for each in theirs], [each.cpu for each in ours])

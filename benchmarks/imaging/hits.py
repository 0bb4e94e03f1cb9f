"""Hits: JPEGs out of the cache, against nginx that serves the same JPEGs as files."""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from measuring.load import Load, Sample, put, put_once, thriftiest
from measuring.processes import Served
from measuring.tables import ERRORS, errors, ratio, spread, table

from imaging.nginx import serving_files
from imaging.pictures import MEGAPIXELS, SMALL, size, targets, targets_of
from imaging.servers import NATIVE, image_servers
from imaging.settings import Settings

NGINX = "nginx"
CHOOSING = 0.4  # seconds of each configuration of nginx, to find the best


class Case(NamedTuple):
    """What is asked, and by whom."""

    names: tuple[str, ...]
    connections: int
    close_every: int

    @property
    def title(self) -> str:
        """What the table says."""
        closing = f"closing each {self.close_every}th" if self.close_every else "keep-alive"
        return f"{size(self.names):.0f} KB, {self.connections} connections, {closing}"


class Hits(NamedTuple):
    """What was measured in one case, and how nginx was configured there."""

    title: str
    configuration: str
    servers: dict[str, list[Sample]]


CASES = [Case(*each) for each in product(((SMALL,), MEGAPIXELS), (8, 64), (0, 5))]


def measure(settings: Settings) -> list[Hits]:
    """Ask every server for the same, in every case."""
    with serving_files() as configurations, image_servers() as servers:
        targets_of(servers["Python, pool"].port, "pillow", *MEGAPIXELS, SMALL)
        return [_measure(case, configurations, servers, settings) for case in CASES]


def text(answers: list[Hits]) -> str:
    """A table for each case."""
    return "\n\n".join(_table(hits) for hits in answers)


def _measure(
    case: Case, configurations: dict[str, Served], images: dict[str, Served], settings: Settings
) -> Hits:
    best = _best(case, configurations, settings)
    servers = {NGINX: configurations[best], **images}
    loads = dict(_loads(case, servers, settings))
    samples: dict[str, list[Sample]] = {name: [] for name in servers}
    for name, server in servers.items():
        put_once(loads[name], server)  # fills the cache
    for _ in range(settings.rounds):
        for name, server in servers.items():
            samples[name].append(put(loads[name], server, settings.tries))
    return Hits(case.title, best, samples)


def _best(case: Case, configurations: dict[str, Served], settings: Settings) -> str:
    """The configuration of nginx that is best here."""
    load = Load(targets(*case.names), case.connections, CHOOSING, case.close_every)
    return thriftiest(
        {name: put(load, each, settings.tries) for name, each in configurations.items()}
    )


def _loads(
    case: Case, servers: dict[str, Served], settings: Settings
) -> Iterator[tuple[str, Load]]:
    names, connections, close_every = case
    for name, server in servers.items():
        native = name == NGINX or name in NATIVE
        wanted = targets(*names) if native else targets_of(server.port, "pillow", *names)
        field = "" if name == NGINX else "X-Cache: hit"
        yield name, Load(wanted, connections, settings.seconds, close_every, field=field)


def _table(hits: Hits) -> str:
    theirs = hits.servers[NGINX]
    rows = []
    for name, samples in hits.servers.items():
        pairs = ([sample.cpu for sample in samples], [sample.rate for sample in samples])
        cpu, rates = pairs
        title = f"{name}, `{hits.configuration}`" if name == NGINX else name
        row = [title, ratio([each.cpu for each in theirs], cpu)]
        row += [ratio(rates, [each.rate for each in theirs]), spread(cpu, 1), spread(rates)]
        row += [spread([each.p50 for each in samples]), spread([each.p99 for each in samples])]
        rows.append([*row, *errors(samples)])
    head = [hits.title, "nginx's CPU / its", "its rate / nginx's", "CPU us a request"]
    return table([*head, "requests/s", "p50 us", "p99 us", *ERRORS], rows)

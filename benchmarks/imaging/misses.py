"""Misses: an image server without a cache, against libjpeg-turbo alone on the same processor."""

import statistics
from typing import NamedTuple

from measuring.load import Load, Sample, put
from measuring.processes import Served
from measuring.tables import ERRORS, errors, ratio, spread, table

from imaging.pictures import MEGAPIXELS, compress_alone, targets, targets_of
from imaging.servers import NATIVE, UNCACHED, image_servers
from imaging.settings import Settings

ALONE = "libjpeg-turbo alone"
CONNECTIONS = 8


class Alone(NamedTuple):
    """What libjpeg-turbo did in a round."""

    rate: float  # pictures a second, when all take turns
    cpu: float  # microseconds a picture


class Misses(NamedTuple):
    """What was measured in every round."""

    alone: list[Alone]
    servers: dict[str, list[Sample]]


def measure(settings: Settings) -> Misses:
    """Ask for a megapixel, again and again."""
    with image_servers(*UNCACHED) as servers:
        loads = {name: _load(name, server, settings) for name, server in servers.items()}
        misses = Misses([], {name: [] for name in servers})
        for _ in range(settings.rounds):
            misses.alone.append(_alone(settings))
            for name, server in servers.items():
                misses.servers[name].append(put(loads[name], server, settings.tries))
    return misses


def text(misses: Misses) -> str:
    """The table."""
    rates = [each.rate for each in misses.alone]
    cpu = [each.cpu for each in misses.alone]
    rows = [[ALONE, "1", "1", spread(cpu), spread(rates), *[""] * 5]]
    for name, samples in misses.servers.items():
        its_rates, its_cpu = [each.rate for each in samples], [each.cpu for each in samples]
        row = [name, ratio(its_rates, rates), ratio(cpu, its_cpu), spread(its_cpu)]
        row += [spread(its_rates), spread([each.p50 / 1000 for each in samples], 1)]
        rows.append([*row, spread([each.p99 / 1000 for each in samples], 1), *errors(samples)])
    head = ["misses, a megapixel each", "its rate / libjpeg's", "libjpeg's CPU / its"]
    return table([*head, "CPU us a picture", "pictures/s", "p50 ms", "p99 ms", *ERRORS], rows)


def _load(name: str, server: Served, settings: Settings) -> Load:
    wanted = targets(*MEGAPIXELS)
    if name not in NATIVE:  # its libjpeg-turbo is another
        wanted = targets_of(server.port, "pillow", *MEGAPIXELS)
    return Load(wanted, CONNECTIONS, 2 * settings.seconds, field="X-Cache: miss")


def _alone(settings: Settings) -> Alone:
    """The pictures take turns, as they do in what is asked of a server."""
    each = [compress_alone(name, settings.seconds / 2) for name in MEGAPIXELS]
    return Alone(
        statistics.harmonic_mean([one.rate for one in each]),
        statistics.mean(one.cpu_each for one in each),
    )

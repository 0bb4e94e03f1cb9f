"""Misses: an image server without a cache, against libjpeg-turbo alone on the same processor."""

from typing import NamedTuple

from measuring.load import Load, Sample, put
from measuring.processes import Served
from measuring.tables import ERRORS, errors, ratio, spread, table

from imaging.pictures import MEGAPIXELS, compress_alone, targets, targets_of
from imaging.servers import NATIVE, UNCACHED, image_servers
from imaging.settings import Settings

CONNECTIONS = 8

Rounds = dict[str, list[Sample]]


class Misses(NamedTuple):
    """What was measured: pictures a second of libjpeg-turbo, and samples of the servers."""

    alone: list[float]
    servers: Rounds


def measure(settings: Settings) -> Misses:
    """Ask for a megapixel, again and again."""
    with image_servers(*UNCACHED) as servers:
        loads = {name: _load(name, server, settings) for name, server in servers.items()}
        misses = Misses([], {name: [] for name in servers})
        for _ in range(settings.rounds):
            misses.alone.append(_alone(settings))
            for name, server in servers.items():
                misses.servers[name].append(put(loads[name], server))
    return misses


def text(misses: Misses) -> str:
    """The table."""
    alone, per_picture = misses.alone, [1e6 / rate for rate in misses.alone]
    rows = [["libjpeg-turbo alone", "1", spread(per_picture), spread(alone), "", "", "", "", ""]]
    for name, samples in misses.servers.items():
        rates = [sample.rate for sample in samples]
        latencies = [[sample.p50 / 1000, sample.p99 / 1000] for sample in samples]
        p50, p99 = (spread(each, 1) for each in zip(*latencies, strict=True))
        cpu = spread([sample.cpu for sample in samples])
        rows.append([name, ratio(rates, alone), cpu, spread(rates), p50, p99, *errors(samples)])
    head = ["misses, a megapixel", "of libjpeg's rate", "CPU us a picture", "pictures/s"]
    return table([*head, "p50 ms", "p99 ms", *ERRORS], rows)


def _load(name: str, server: Served, settings: Settings) -> Load:
    wanted = targets(*MEGAPIXELS)
    if name not in NATIVE:  # its libjpeg-turbo is another
        wanted = targets_of(server.port, "pillow", *MEGAPIXELS)
    seconds = 2 * settings.seconds
    return Load(wanted, CONNECTIONS, seconds=seconds, field="X-Cache: miss")


def _alone(settings: Settings) -> float:
    """Pictures a second, when both take turns."""
    each = [compress_alone(name, settings.seconds / 2).rate for name in MEGAPIXELS]
    return len(each) / sum(1 / rate for rate in each)

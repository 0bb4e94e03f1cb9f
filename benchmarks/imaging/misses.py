"""Misses: an image server without a cache, against libjpeg-turbo alone on the same processor."""

import statistics
from collections.abc import Sequence
from typing import Literal, NamedTuple

from measuring.load import Load, Sample, put
from measuring.processes import Served
from measuring.tables import ERRORS, errors, ratio, spread, table

from imaging.pictures import MEGAPIXELS, compress_alone, targets, targets_of
from imaging.servers import NATIVE, UNCACHED, image_servers
from imaging.settings import Settings

IN_MEMORY = "libjpeg-turbo alone"
IN_FILE = "libjpeg-turbo alone, out of files"
CONNECTIONS = 8


class Alone(NamedTuple):
    """What libjpeg-turbo did in a round."""

    rate: float  # pictures a second, when all take turns
    cpu: float  # microseconds a picture


class Misses(NamedTuple):
    """What was measured in every round."""

    alone: list[Alone]  # pixels in memory
    reading: list[Alone]  # pixels in files
    servers: dict[str, list[Sample]]


def measure(settings: Settings) -> Misses:
    """Ask for a megapixel, again and again."""
    with image_servers(*UNCACHED) as servers:
        loads = {name: _load(name, server, settings) for name, server in servers.items()}
        misses = Misses([], [], {name: [] for name in servers})
        for _ in range(settings.rounds):
            misses.alone.append(_alone(settings, "memory"))
            misses.reading.append(_alone(settings, "file"))
            for name, server in servers.items():
                misses.servers[name].append(put(loads[name], server, settings.tries))
    return misses


def text(misses: Misses) -> str:
    """The table."""
    rows = [
        [*_speed(IN_MEMORY, misses.alone, misses.alone), *[""] * 5],
        [*_speed(IN_FILE, misses.reading, misses.alone), *[""] * 5],
    ]
    for name, samples in misses.servers.items():
        row = _speed(name, samples, misses.alone)
        row += [spread([each.p50 / 1000 for each in samples], 1)]
        rows.append([*row, spread([each.p99 / 1000 for each in samples], 1), *errors(samples)])
    head = ["misses, a megapixel each", "its rate / libjpeg's", "libjpeg's CPU / its"]
    return table([*head, "CPU us a picture", "pictures/s", "p50 ms", "p99 ms", *ERRORS], rows)


def _speed(name: str, its: Sequence[Alone | Sample], alone: list[Alone]) -> list[str]:
    """The first columns: what it does, and how that compares with libjpeg-turbo alone."""
    rates, cpu = [each.rate for each in its], [each.cpu for each in its]
    ratios = [ratio(rates, [each.rate for each in alone]), ratio([each.cpu for each in alone], cpu)]
    return [name, *ratios, spread(cpu), spread(rates)]


def _load(name: str, server: Served, settings: Settings) -> Load:
    wanted = targets(*MEGAPIXELS)
    if name not in NATIVE:  # its libjpeg-turbo is another
        wanted = targets_of(server.port, "pillow", *MEGAPIXELS)
    return Load(wanted, CONNECTIONS, 2 * settings.seconds, field="X-Cache: miss")


def _alone(settings: Settings, pixels: Literal["memory", "file"]) -> Alone:
    """The pictures take turns, as they do in what is asked of a server."""
    each = [compress_alone(name, settings.seconds / 2, pixels) for name in MEGAPIXELS]
    return Alone(
        statistics.harmonic_mean([one.rate for one in each]),
        statistics.mean(one.cpu_each for one in each),
    )

"""Overload: strangers who ask for pictures at random moments, up to three times too many.

Each stranger makes a connection, asks once, and goes away without a reply after a second. The
server has no cache, so every request takes its milliseconds, and few places for flows and for new
clients: what waits in the server longer than a client does is work for nobody. What it can carry is
found by clients who wait for their replies; a share is of the most replies that any load got within
a second.
"""

from typing import NamedTuple

from measuring.load import Load, Sample, put
from measuring.processes import Served
from measuring.tables import table

from imaging.pictures import MEGAPIXELS, targets, targets_of
from imaging.servers import NATIVE, UNCACHED, image_server
from imaging.settings import Settings

BOUNDED = {
    "C++, event": ("--max-flows", "4"),
    "C++, pool": ("--queue", "4"),
    "C++, thread": ("--max-flows", "4"),
    "Python, pool": ("--queue", "4"),
}
FEW_NEWCOMERS = ("--backlog", "32")
CLOSED_LOOP = "closed loop"
LEVELS = (0.8, 1.5, 3.0)  # of what the server can carry
STRANGERS = 8000  # more than there can be at once
CARRIED_BY = 8  # connections that find what it can carry


class Level(NamedTuple):
    """One load, and the memory (MiB) of the server before, at most and after."""

    title: str
    offered: float  # requests a second
    sample: Sample
    before: float
    most: float
    after: float


def measure(settings: Settings) -> dict[str, list[Level]]:
    """Every server at every level."""
    return {name: _measure(name, settings) for name in BOUNDED}


def text(answers: dict[str, list[Level]]) -> str:
    """The table."""
    head = ["a megapixel each, not cached", "offered/s", "replies within 1 s, /s"]
    head += ["of the peak", "p99 s", "gave up", "errors", "MiB before, at most, after"]
    rows = [row for name, levels in answers.items() for row in _rows(name, levels)]
    return table(head, rows)


def _measure(name: str, settings: Settings) -> list[Level]:
    with image_server(name, *UNCACHED, *FEW_NEWCOMERS, runtime=BOUNDED[name]) as server:
        wanted = targets(*MEGAPIXELS)
        if name not in NATIVE:
            wanted = targets_of(server.port, "pillow", *MEGAPIXELS)
        carried = _put(
            CLOSED_LOOP, Load(wanted, CARRIED_BY, settings.overload), server, settings.tries
        )
        levels = [carried]
        for level in LEVELS:
            rate = level * carried.sample.rate
            load = Load(wanted, STRANGERS, settings.overload, 1, rate, patience=1)
            levels.append(_put(f"{level} times", load, server, settings.tries))
        return levels


def _put(title: str, load: Load, server: Served, tries: int) -> Level:
    before = server.memory()
    sample = put(load, server, tries)
    offered = load.rate or sample.rate
    return Level(title, offered, sample, before, server.memory("VmHWM"), server.memory())


def _rows(name: str, levels: list[Level]) -> list[list[str]]:
    peak = max(level.sample.soon for level in levels)
    title = f"{name}, `{' '.join((*BOUNDED[name], *FEW_NEWCOMERS))}`"
    return [_row(title, level, peak) for level in levels]


def _row(title: str, level: Level, peak: float) -> list[str]:
    sample = level.sample
    row = [f"{title}, {level.title}", f"{level.offered:.0f}", f"{sample.soon:.0f}"]
    row += [f"{sample.soon / peak:.0%}", f"{sample.p99 / 1e6:.2f}"]
    row += [str(sample.stuck + sample.unsent), str(sample.errors)]
    return [*row, f"{level.before:.0f}, {level.most:.0f}, {level.after:.0f}"]

"""Too few descriptors, and a signal to stop: what is left undone."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from measuring.load import Load, Sample, put_once
from measuring.machine import Interval
from measuring.processes import Served
from measuring.tables import table

from imaging.pictures import MEGAPIXELS, SMALL, targets, targets_of
from imaging.servers import NATIVE, PROCESSES, UNCACHED, image_server
from imaging.settings import Settings

DESCRIPTORS = 64
CROWD = 200  # clients at once, with these
FEW = 8  # clients after that
SETTLING = 2  # seconds for what the crowd has left behind
STOPPED_UNDER = 32  # connections


class Scarcity(NamedTuple):
    """A server with too few descriptors: under the crowd, idle, and with few clients."""

    crowd: Sample
    idle: float  # of a processor
    few: Sample


class Stop(NamedTuple):
    """A server stopped under load."""

    awaited: int
    lost: int
    status: int


class Limits(NamedTuple):
    """What was measured, by server; stops also by what was asked for."""

    scarcity: dict[str, Scarcity]
    stops: dict[str, list[Stop]]


def measure(settings: Settings) -> Limits:
    """Try every server."""
    scarcity = {name: _scarcity(name, settings) for name in PROCESSES}
    stops: dict[str, list[Stop]] = {}
    for name in PROCESSES:
        for what, own, names in (("hits", (), (SMALL,)), ("misses", UNCACHED, MEGAPIXELS)):
            each = [_stop(name, own, names, settings) for _ in range(settings.stops)]
            stops[f"{name}, {what}"] = each
    return Limits(scarcity, stops)


def text(limits: Limits) -> str:
    """Both tables."""
    return f"{_scarcity_table(limits.scarcity)}\n\n{_stop_table(limits.stops)}"


def _scarcity(name: str, settings: Settings) -> Scarcity:
    around = ("prlimit", f"--nofile={DESCRIPTORS}")
    with image_server(name, around=around) as server:
        few = Load(_targets(name, server, (SMALL,)), FEW, settings.seconds)
        crowd = put_once(replace(few, connections=CROWD, patience=1), server)
        time.sleep(SETTLING)
        return Scarcity(crowd, _idle(server), put_once(few, server))


def _idle(server: Served) -> float:
    """The CPU used in a second without clients."""
    before, interval = server.cpu_seconds(), Interval()
    time.sleep(1)
    return (server.cpu_seconds() - before) / interval.seconds()


def _stop(name: str, own: tuple[str, ...], names: tuple[str, ...], settings: Settings) -> Stop:
    with image_server(name, *own) as server:
        load = Load(_targets(name, server, names), STOPPED_UNDER, 4 * settings.seconds)
        load = replace(load, signal=server.process.pid, signal_after=settings.seconds)
        sample = put_once(load, server)
        return Stop(sample.awaited, sample.lost, server.process.wait(30))


def _targets(name: str, server: Served, names: tuple[str, ...]) -> Path:
    return targets(*names) if name in NATIVE else targets_of(server.port, "pillow", *names)


def _scarcity_table(answers: dict[str, Scarcity]) -> str:
    head = [f"`ulimit -n {DESCRIPTORS}`", f"{CROWD} clients: replies/s", "gave up", "broken off"]
    head += ["CPU, idle afterwards", f"{FEW} clients then: replies/s", "errors, stuck"]
    return table(head, _scarcity_rows(answers))


def _scarcity_rows(answers: dict[str, Scarcity]) -> Iterator[list[str]]:
    for name, (crowd, idle, few) in answers.items():
        row = [name, f"{crowd.rate:.0f}", str(crowd.stuck), str(crowd.errors), f"{idle:.1%}"]
        yield [*row, f"{few.rate:.0f}", f"{few.errors}, {few.stuck}"]


def _stop_table(answers: dict[str, list[Stop]]) -> str:
    head = [f"SIGTERM under {STOPPED_UNDER} connections", "stopped, times", "replies awaited"]
    rows = []
    for name, stops in answers.items():
        statuses = sorted({stop.status for stop in stops})
        counts = (len(stops), sum(each.awaited for each in stops), sum(each.lost for each in stops))
        rows.append([name, *map(str, counts), ", ".join(map(str, statuses))])
    return table([*head, "lost", "exit status"], rows)

"""How long a small file takes beside downloads of a large one, of the web server and its peers.

Run `python benchmarks/downloads.py`; with `--write`, the results beside it are renewed.

Servers have the first processor. On the second, a client asks for a file of 102 bytes every three
milliseconds, and downloads, by curl and with less priority, take a file of 64 MiB again and again
as fast as they come.
"""

import http.client
import os
import statistics
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from random import Random

from hosting import files
from hosting.servers import CPP, IN_PYTHON, LIGHTTPD, NATIVE, NGINX, PYTHON, running
from measuring.builds import require
from measuring.facts import version
from measuring.processes import LOAD_CORE, on_core
from measuring.tables import summary, table, tail
from record import record

PACKAGES = {"nginx": "nginx-light", "lighttpd": "lighttpd", "curl": "curl", "taskset": "util-linux"}
NAMES = (CPP, "C++, thread", NGINX, LIGHTTPD, PYTHON, "Python, thread")
WAYS = {NGINX: "sendfile on; tcp_nopush on;", LIGHTTPD: "sendfile"}
DOWNLOADS = (0, 1, 4)
ROUNDS = 5
SECONDS = 2.0  # of each measurement
PAUSE = 0.003  # seconds between requests
MIB = 1024 * 1024
LARGE = 64 * MIB


@dataclass(slots=True)
class Beside:
    """Milliseconds that a small file took, and MiB a second of the downloads of each round."""

    took: list[float] = field(default_factory=list)
    speeds: list[float] = field(default_factory=list)


Measured = dict[str, dict[int, Beside]]


def measure() -> Measured:
    """Every server in turn, with so many downloads."""
    measured: Measured = {name: {count: Beside() for count in DOWNLOADS} for name in NAMES}
    chosen = {name: start for name, start in {**NATIVE, **IN_PYTHON}.items() if name in NAMES}
    with running(chosen) as servers:
        ports = {name: ways[WAYS.get(name, "")].port for name, ways in servers.items()}
        for _ in range(ROUNDS):
            for name, by_count in measured.items():
                for count, beside in by_count.items():
                    _measure(ports[name], count, beside)
    return measured


def _measure(port: int, count: int, beside: Beside) -> None:
    began = time.monotonic()
    with _downloading(port, count) as downloads:
        beside.took.extend(_asked(port))
    seconds = time.monotonic() - began
    beside.speeds.append(sum(_bytes(each) for each in downloads) / seconds / MIB)


@contextmanager
def _downloading(port: int, count: int) -> Iterator[Sequence["subprocess.Popen[str]"]]:
    url = f"http://127.0.0.1:{port}/large?[1-100000]"
    told = "%{stderr}%{size_download}\n"  # at once, where the standard output would be held back
    words = ["nice", "-n", "19", "curl", "-s", "-o", "/dev/null", "-w", told, url]
    command = on_core(LOAD_CORE, words)
    started = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(count)]
    try:
        yield started
    finally:
        for each in started:
            each.terminate()


def _bytes(download: "subprocess.Popen[str]") -> int:
    """Of all files that it has got whole."""
    return sum(map(int, download.communicate()[1].split()))


def _asked(port: int) -> Iterator[float]:
    """Ask for a small file again and again; the milliseconds that each answer took."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    expected = (files.FOLDER / files.path(0, 0, 1)).read_bytes()
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        began = time.monotonic()
        client.request("GET", f"/{files.path(0, 0, 1)}")
        if client.getresponse().read() != expected:
            raise SystemExit("The small file came otherwise than it is.")
        yield (time.monotonic() - began) * 1000
        time.sleep(PAUSE)
    client.close()


def text(measured: Measured) -> str:
    """The table: how long the small file took, and how fast downloads are."""
    head = ["ms for a small file", *chain(*map(_columns, DOWNLOADS))]
    rows = [[name, *chain(*map(_cells, by_count.items()))] for name, by_count in measured.items()]
    return table(head, rows)


def _columns(count: int) -> list[str]:
    beside = f"{count} download{'' if count == 1 else 's'}" if count else "alone"
    return [f"{beside}: median", "p99", "worst", *(["MiB/s"] if count else [])]


def _cells(measured: tuple[int, Beside]) -> list[str]:
    count, (took, speeds) = measured[0], (measured[1].took, measured[1].speeds)
    speed = [f"{statistics.median(speeds):,.0f}"] if count else []
    return [*tail(took), *speed]


def figures(measured: Measured) -> dict[str, object]:
    """What is kept of each server, by how many downloads there were."""
    return {
        name: {
            count: {"took": summary(beside.took), "speeds": beside.speeds}
            for count, beside in by_count.items()
        }
        for name, by_count in measured.items()
    }


def prepare() -> None:
    """Make the files."""
    files.prepare()
    large = files.FOLDER / "large"
    if not large.exists() or large.stat().st_size != LARGE:
        large.write_bytes(Random(1).randbytes(LARGE))  # noqa: S311 - no secret


def main() -> None:
    """Measure, print the table, and keep it if asked to."""
    require(PACKAGES)
    prepare()
    os.sched_setaffinity(0, {LOAD_CORE})
    measured = measure()
    versions = {"nginx": version("nginx", "-v"), "lighttpd": version("lighttpd", "-v")}
    facts = {"versions": versions, "measured": figures(measured)}
    record("downloads", "A small file beside downloads", text(measured), facts)


if __name__ == "__main__":
    main()

"""What a profile costs the image server: its CPU for a hit, with the profile on, off, and left out.

Each round starts the servers anew, for where a process happens to lie in memory moves its speed by
a percent or two. On and off are one process, which is told by its socket; in C++ another one runs
what was compiled without meters. All take turns, and each round begins with the next of them.
"""

import math
import statistics
import subprocess
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from imaging.pictures import EXAMPLE, PICTURES, SMALL, prepare, targets, targets_of
from measuring.builds import BUILD, FLUX, program
from measuring.load import Load, Sample, put, put_once
from measuring.processes import Command, Served, free_ports, printed_port, serving
from measuring.tables import spread, table

ROUNDS = 10
SECONDS = 2.5
CONNECTIONS = 8
TRIES = 3  # of a measurement that others disturb
T_95 = 2.262  # Student's t for 95 %, with nine degrees of freedom

PAIRS = {"on, over off": ("on", "off"), "off, over not compiled in": ("off", "without")}
OWN = ("--", "--port", "0", "--root", PICTURES)

Samples = dict[str, list[Sample]]
"""What was measured in each round, by the target and the way: `C++ on`."""


class Way(NamedTuple):
    """One way to serve, what brings the server to it, and what is asked of it."""

    server: Served
    begin: Callable[[], None]
    load: Load


def measure() -> Samples:
    """Ask every server for the same, in every way, in every round."""
    program("load")
    prepare()
    commands = {"C++": _built("measured", "-O2"), "bare": _built("bare", "-O2 -DFLUX_UNMEASURED")}
    samples: Samples = {}
    for number in range(ROUNDS):
        with _ways(commands) as ways:
            for name in _turned(list(ways), number):
                way = ways[name]
                way.begin()
                samples.setdefault(name, []).append(put(way.load, way.server, TRIES))
    return samples


def text(samples: Samples) -> str:
    """The table: mean ratios with their 95 % intervals, and medians of the CPU."""
    head = [
        "the image server's hits",
        "CPU added (95 %)",
        "CPU us a request",
        "without it",
        "errors",
    ]
    rows = []
    for target in ("C++, event", "Python, pool"):
        for title, pair in PAIRS.items():
            names = [f"{target} {way}" for way in pair]
            if all(name in samples for name in names):
                rows.append(_row(f"{target}: {title}", *(samples[name] for name in names)))
    return table(head, rows)


def _row(title: str, with_it: list[Sample], without: list[Sample]) -> list[str]:
    pairs = zip(with_it, without, strict=True)
    added = [(one.cpu / other.cpu - 1) * 100 for one, other in pairs]
    mean, half = statistics.mean(added), T_95 * statistics.stdev(added) / math.sqrt(len(added))
    wrong = sum(each.errors + each.stuck for each in (*with_it, *without))
    cells = [f"{mean:+.1f} % ({mean - half:+.1f} to {mean + half:+.1f})"]
    cells += [spread([each.cpu for each in samples], 1) for samples in (with_it, without)]
    return [title, *cells, str(wrong)]


def _turned(names: list[str], number: int) -> list[str]:
    place = number % len(names)
    return names[place:] + names[:place]


def _built(name: str, flags: str) -> Command:
    """The image server in C++, compiled in a certain way."""
    folder = BUILD / "profiled" / name
    build: Command = [FLUX, "build", EXAMPLE / "image.flux", "--target", "cpp", "-o", folder]
    subprocess.run([*map(str, build)], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["make", "-s", "-j2", "-C", folder, f"CXXFLAGS={flags}"], check=True)
    return [folder / "image", "--runtime", "event"]


@contextmanager
def _ways(commands: Mapping[str, Command]) -> Iterator[dict[str, Way]]:
    """All servers, started anew, with their caches filled."""
    python: Command = [FLUX, "run", EXAMPLE / "image.flux", "--runtime", "pool"]
    with ExitStack() as stack:
        cpp, cpp_tell = stack.enter_context(_profiled(commands["C++"]))
        bare = stack.enter_context(serving([*commands["bare"], *OWN], printed_port))
        py, py_tell = stack.enter_context(_profiled(python))
        native, own = _hits(targets(SMALL)), _hits(targets_of(py.port, "pillow", SMALL))
        for server, load in ((cpp, native), (bare, native), (py, own)):
            put_once(load, server)
        yield {
            "C++, event on": Way(cpp, lambda: cpp_tell("start"), native),
            "C++, event off": Way(cpp, lambda: cpp_tell("stop"), native),
            "C++, event without": Way(bare, lambda: None, native),
            "Python, pool on": Way(py, lambda: py_tell("start"), own),
            "Python, pool off": Way(py, lambda: py_tell("stop"), own),
        }


@contextmanager
def _profiled(command: Command) -> Iterator[tuple[Served, Callable[[str], None]]]:
    """A server whose profile can be turned on and off, and what does so."""
    (port,) = free_ports(1)
    options = ["--profile-listen", f"127.0.0.1:{port}"]

    def tell(what: str) -> None:
        url = f"http://127.0.0.1:{port}/{what}"
        with urllib.request.urlopen(urllib.request.Request(url, method="POST")) as reply:
            reply.read()

    with serving([*command, *options, *OWN], printed_port) as server:
        yield server, tell


def _hits(wanted: Path) -> Load:
    return Load(wanted, CONNECTIONS, SECONDS, field="X-Cache: hit")

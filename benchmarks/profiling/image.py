"""What a profile costs the image server: its CPU for a hit, with the profile on, off, and left out.

On and off are one process, which is told by its socket. In C++ what was compiled without meters is
another one, beside that whose profile is off.
"""

import json
import subprocess
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median

from imaging.pictures import EXAMPLE, PICTURES, SMALL, prepare, targets, targets_of
from measuring.builds import BUILD, FLUX, program
from measuring.load import Load, put_once
from measuring.processes import Command, Served, free_ports, printed_port, serving
from measuring.tables import spread, table

from profiling.slices import ROUNDS, Round, Slice, Way, compare, mean_added

CONNECTIONS = 8
RUSH = 30  # seconds at most, after which a server no longer times each flow
OWN = ("--", "--port", "0", "--root", PICTURES)

ON_OFF = "on, over off"
OFF_WITHOUT = "off, over not compiled in"

Rounds = dict[str, list[Round]]
"""What was measured, by what is compared: `C++, event: on, over off`."""

Ways = Callable[[], AbstractContextManager[tuple[Way, Way]]]
"""Starts what is compared."""


def measure() -> Rounds:
    """Compare all ways, in every round."""
    compared = ways()
    rounds: Rounds = {name: [] for name in compared}
    for _ in range(ROUNDS):
        for name, start in compared.items():
            with start() as pair:
                rounds[name].append(compare(*pair))
    return rounds


def ways() -> Mapping[str, Ways]:
    """All that is compared, with everything built."""
    program("load")
    prepare()
    measured, bare = _built("measured", "-O2"), _built("bare", "-O2 -DFLUX_UNMEASURED")
    return {
        f"C++, event: {ON_OFF}": lambda: _on_and_off(measured, _native),
        f"C++, event: {OFF_WITHOUT}": lambda: _off_and_without(measured, bare),
        f"Python, pool: {ON_OFF}": lambda: _on_and_off(PYTHON, _own),
    }


def text(rounds: Rounds) -> str:
    """The table: mean ratios with their 95 % intervals, and medians of the CPU."""
    head = [
        "the image server's hits",
        "CPU added (95 %)",
        "CPU us a request",
        "without it",
        "errors",
    ]
    return table(head, [_row(name, each) for name, each in rounds.items()])


PYTHON: Command = (FLUX, "run", EXAMPLE / "image.flux", "--runtime", "pool")


def _row(name: str, rounds: list[Round]) -> list[str]:
    added, half = (100 * each for each in mean_added(rounds))
    costs = [spread([median(_costs(each[way])) for each in rounds], 1) for way in (0, 1)]
    wrong = sum(one.errors for each in rounds for slices in each for one in slices)
    return [
        name,
        f"{added:+.1f} % ({added - half:+.1f} to {added + half:+.1f})",
        *costs,
        str(wrong),
    ]


def _costs(slices: list[Slice]) -> list[float]:
    return [each.cost for each in slices]


def _built(name: str, flags: str) -> Command:
    """The image server in C++, compiled in a certain way."""
    folder = BUILD / "profiled" / name
    build: Command = [FLUX, "build", EXAMPLE / "image.flux", "--target", "cpp", "-o", folder]
    subprocess.run([*map(str, build)], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["make", "-s", "-j2", "-C", folder, f"CXXFLAGS={flags}"], check=True)
    return [folder / "image", "--runtime", "event"]


@contextmanager
def _on_and_off(command: Command, wanted: Callable[[Served], Path]) -> Iterator[tuple[Way, Way]]:
    """A server whose profile can be turned on and off."""
    (port,) = free_ports(1)
    profiled: Command = [*command, "--profile-listen", f"127.0.0.1:{port}", *OWN]
    with serving(profiled, printed_port) as server:
        load = _ready(server, wanted)
        _outlast_rush(port, load, server)
        yield (
            Way(server, lambda: _tell(port, "start"), load),
            Way(server, lambda: _tell(port, "stop"), load),
        )


@contextmanager
def _off_and_without(command: Command, bare: Command) -> Iterator[tuple[Way, Way]]:
    """A server whose profile is off, and one that has none."""
    with (
        serving([*command, *OWN], printed_port) as off,
        serving([*bare, *OWN], printed_port) as without,
    ):
        yield (
            Way(off, lambda: None, _ready(off, _native)),
            Way(without, lambda: None, _ready(without, _native)),
        )


def _outlast_rush(port: int, load: Load, server: Served) -> None:
    """Have so many flows that the server times only a share of them."""
    for _ in range(RUSH):
        profile = json.loads(_tell(port, "start"))
        if profile["timed"] < sum(path["count"] for path in profile["paths"]):
            return
        put_once(load, server)


def _tell(port: int, what: str) -> bytes:
    """Tell the profile something; it answers with what it has counted."""
    url = f"http://127.0.0.1:{port}/{what}"
    with urllib.request.urlopen(urllib.request.Request(url, method="POST")) as reply:
        answer: bytes = reply.read()
    return answer


def _native(_: Served) -> Path:
    return targets(SMALL)


def _own(server: Served) -> Path:
    """What a server in Python makes by its own library."""
    return targets_of(server.port, "pillow", SMALL)


def _ready(server: Served, wanted: Callable[[Served], Path]) -> Load:
    """What is asked of a server, once it has its cache filled, and is warm."""
    load = Load(wanted(server), CONNECTIONS, field="X-Cache: hit")
    put_once(load, server)
    return load

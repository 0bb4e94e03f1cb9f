"""What is predicted and observed: servers on their runtimes, how they are calibrated and run."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from imaging.pictures import EXAMPLE
from measuring.builds import FLUX
from measuring.processes import Command, free_ports

from flux.profile.client import Server, parsed_address
from flux.profile.model import Profile
from flux.profile.reading import read_profile
from flux.simulation.model import Model
from observing import image_server, lock_server
from observing.emulation import MOST_TOKENS, as_emulated, in_order
from observing.observation import Run
from observing.schedules import Needs, Planned, drawn
from observing.settings import LOW
from observing.typical import Queue

CALIBRATING = 101
"""The seed of the first calibration of a server; the next ones follow."""

DEMANDS = lock_server.Demands(0.0005, 0.0012, 0.0003)
STRETCHED = lock_server.Demands(0.018, 0.002, 0.004)
"""Of emulated processors: so long that a thread that wakes up late is nothing beside them."""
THREADS = 64
PROFILE = lock_server.FILES / "lock.profile.json"

Observe = Callable[[Sequence[Planned], int], Run]
RUNTIMES = ("thread", "pool", "event")


class Calibration(NamedTuple):
    """What a server has counted, and the run that it was profiled in."""

    profile: Profile
    run: Run


@dataclass(frozen=True, slots=True)
class Study:
    """A server: its program, how it is profiled for so many seconds, and how it runs.

    A profile is of one of several starts, by number, at a load.
    """

    name: str
    program: Path
    cpus: tuple[int, ...]
    needs: Needs
    queue: Callable[[int], Queue]
    calibrated: Callable[[float, int, float], Calibration]
    started: Callable[[int], AbstractContextManager[Observe]]
    adapted: Callable[[Model], Model] = lambda model: model
    emulated: bool = False


def studies() -> Iterator[Study]:
    """All of them; what is in C++ is built."""
    image, lock = image_server.build(), lock_server.build()
    for runtime in RUNTIMES:
        yield _image(f"image server, C++, {runtime}", [image, "--runtime", runtime], native=True)
        yield _lock(f"lock, C++, {runtime}", [lock, "--runtime", runtime])
    pool = ("--target", "python", "--runtime", "pool")
    source = EXAMPLE / "image.flux"
    yield _image("image server, Python, pool", [FLUX, "run", source, *pool], native=False)
    yield _lock("lock, Python, pool", [FLUX, "run", lock_server.PROGRAM, *pool])
    yield _emulated([lock, "--runtime", "pool", "--threads", str(THREADS)])


def _image(name: str, command: Command, *, native: bool) -> Study:
    @contextmanager
    def started(cpus: int) -> Iterator[Observe]:
        with _profiling(_on(command, cpus), cpus, native=native) as (server, _):
            yield server.observe

    def calibrated(seconds: float, start: int, load: float) -> Calibration:
        with _profiling(command, 1, native=native) as (server, profile):
            rate = load / server.demand
            schedule = drawn(rate, seconds, CALIBRATING + start, image_server.needs)
            run = server.observe(schedule, start)
            return Calibration(profile.stop(), run)

    program = EXAMPLE / "image.flux"
    needs, queue = image_server.needs, image_server.queue
    return Study(name, program, (1, 2), needs, queue, calibrated, started)


@contextmanager
def _profiling(
    command: Command, cpus: int, *, native: bool
) -> Iterator[tuple[image_server.Asked, Server]]:
    """A server that is asked for pictures, and what it is asked for its profile by; it is on."""
    (port,) = free_ports(1)
    address = f"127.0.0.1:{port}"
    parsed = parsed_address(address)
    assert parsed
    listening = [*command, "--profile-listen", address]
    with image_server.asked(listening, cpus, native=native) as asked:
        server = Server(parsed)
        server.start()
        yield asked, server


def _lock(name: str, command: Command) -> Study:
    @contextmanager
    def started(cpus: int) -> Iterator[Observe]:
        profiling = [*_on(command, cpus), *_profile_options()]
        yield partial(lock_server.observe, profiling, cpus=cpus)

    def calibrated(seconds: float, start: int, load: float) -> Calibration:
        rate = load / sum(DEMANDS.means)
        return _lock_profile(command, drawn(rate, seconds, CALIBRATING + start, DEMANDS), start)

    queue = DEMANDS.queue
    return Study(name, lock_server.PROGRAM, (1, 2), DEMANDS, queue, calibrated, started)


def _lock_profile(
    command: Command, schedule: Sequence[Planned], start: int, tokens: int = 0
) -> Calibration:
    """The profile of a server whose flows come so."""
    run = lock_server.observe([*command, *_profile_options()], schedule, start, 1, tokens)
    return Calibration(read_profile(PROFILE.read_bytes(), PROFILE.name), run)


def _profile_options() -> Command:
    """Those with which the lock server writes its profile in the end."""
    PROFILE.parent.mkdir(parents=True, exist_ok=True)
    return ["--profile", "--profile-file", PROFILE]


EMULATED_AT = 16
"""Emulated processors that are calibrated: of many more tokens, so that nobody waits for one."""


def _emulated(command: Command) -> Study:
    @contextmanager
    def started(cpus: int) -> Iterator[Observe]:
        yield partial(lock_server.observe, [*command, *_profile_options()], cpus=1, tokens=cpus)

    def calibrated(seconds: float, start: int, _: float) -> Calibration:
        """A sleep takes no less at a higher load."""
        rate = LOW * EMULATED_AT / sum(STRETCHED.means)
        schedule = drawn(rate, seconds, CALIBRATING + start, STRETCHED)
        profile, run = _lock_profile(command, schedule, start, MOST_TOKENS)
        return Calibration(as_emulated(profile), run)

    return Study(
        name="lock, emulated processors, C++, pool",
        program=lock_server.PROGRAM,
        cpus=(4, 8, 16),
        needs=STRETCHED,
        queue=STRETCHED.queue,
        calibrated=calibrated,
        started=started,
        adapted=in_order,
        emulated=True,
    )


def _on(command: Command, cpus: int) -> Command:
    """The command, with as many loops as processors if it is one of the event runtime."""
    return [*command, "--cores", str(cpus)] if "event" in command else command

"""The order of all that is done: by seed, servers are calibrated and run; then they are predicted.

The speed of a machine drifts within minutes, and calibrations take turns with what they are to
predict so that both see all of it. The first ones say at which rates servers run. Nothing is
simulated while servers run.
"""

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flux.simulation.prediction import wiring
from flux.simulation.prediction.replications import Effort, Prediction
from flux.simulation.prediction.running import Runner, runner
from observing import machine
from observing.observation import Run
from observing.picture import picture
from observing.points import Compared, Point, Predicted, shifted, stretched
from observing.predictions import Known, demanded, known, most
from observing.predictions import predict as predicted
from observing.schedules import resting
from observing.settings import Settings
from observing.studies import Calibration, Observe, Study, studies
from observing.typical import Load, typical

PAUSE = 2
"""Seconds after a void run, and as many more after each further one: disturbances last."""

DRAWN = "image server, C++, pool"


@dataclass(frozen=True, slots=True)
class Campaign:
    """What was observed, and the models that say what should have been."""

    points: tuple[Point, ...]
    servers: dict[str, Known]


def observe(settings: Settings) -> Campaign:
    """Calibrate all servers, and run them at all points."""
    every = {study.name: study for study in studies()}
    machine.look()
    calibrations: dict[str, list[Calibration]] = {name: [] for name in every}
    points: list[Point] = []
    for seed in settings.seeds:
        for load in settings.loads:
            for name, study in every.items():
                start = len(calibrations[name])
                calibrations[name].append(_calibrated(study, start, load, settings))
        points = points or list(_all_points(every, calibrations, settings))
        points = list(_seeded(every, points, seed, settings))
    return Campaign(tuple(points), _servers(every, calibrations))


def predict(campaign: Campaign, settings: Settings) -> tuple[list[Compared], str]:
    """What was predicted of each point, for the flows that came; and the picture of one server."""
    with runner(wiring.engine(), machine.processors()) as run:
        compared = [_compared(point, campaign, settings, run) for point in campaign.points]
        drawn = [each for each in compared if each.point.study == DRAWN]
        return compared, picture(drawn, campaign.servers[DRAWN], run, Effort(settings.runs))


def _calibrated(study: Study, start: int, load: float, settings: Settings) -> Calibration:
    """The profile of a server, started anew, at such a load; another one if its run is void.

    If all are, it is the least disturbed one.
    """
    _tell(f"profiling {study.name} at {load}")
    found = []
    for _ in range(1 + min(settings.retries, 2)):
        found.append(study.calibrated(settings.calibration, start, load))
        if found[-1].run.void is None:
            return found[-1]
        _tell(f"void: {found[-1].run.void}")
    return min(found, key=lambda each: each.run.conditions.disturbance)


def _servers(
    every: Mapping[str, Study], calibrations: Mapping[str, Sequence[Calibration]]
) -> dict[str, Known]:
    return {name: known(study, calibrations[name]) for name, study in every.items()}


def _all_points(
    every: Mapping[str, Study],
    calibrations: Mapping[str, Sequence[Calibration]],
    settings: Settings,
) -> Iterator[Point]:
    for name, server in _servers(every, calibrations).items():
        for cpus in every[name].cpus:
            yield from _points(every[name], server, cpus, settings)


def _points(study: Study, server: Known, cpus: int, settings: Settings) -> Iterator[Point]:
    largest = most(server, cpus)
    for utilisation in settings.seconds:
        rate = utilisation * largest
        yield Point(study.name, cpus, utilisation, rate, (), study.emulated)


def _seeded(
    named: Mapping[str, Study], points: Sequence[Point], seed: int, settings: Settings
) -> Iterator[Point]:
    """The points with another run each; a server stays up for its points of as many processors."""
    places = dict.fromkeys((point.study, point.cpus) for point in points)
    for name, cpus in places:
        study = named[name]
        with study.started(cpus) as run:
            for point in points:
                if (point.study, point.cpus) == (name, cpus):
                    another = _run(study, run, point, seed, settings)
                    yield replace(point, runs=(*point.runs, another))


def _run(study: Study, run: Observe, point: Point, seed: int, settings: Settings) -> Run:
    """A run, again if it is void."""
    load = Load(point.rate, settings.seconds[point.utilisation], point.utilisation)
    schedule = typical(load, study.needs, study.queue(point.cpus), seed)
    _tell(f"seed {seed}: {point.study}, {point.cpus} at {point.utilisation}, {point.rate:.0f}/s")
    for tries in range(1, settings.retries + 2):
        time.sleep(PAUSE * (tries - 1))
        found = replace(run(schedule, seed), tries=tries)
        if found.void is None:
            break
        _tell(f"void: {found.void}")
    return found


def _compared(point: Point, campaign: Campaign, settings: Settings, run: Runner) -> Compared:
    if not point.counted:
        return Compared(point, None)
    dues = [each.dues for each in point.counted]
    _tell(f"predicting {point.study}, {point.cpus} at {point.utilisation}")
    server = campaign.servers[point.study]
    found = predicted(server, point.cpus, dues, run, settings.runs)
    if found.is_saturated:
        return Compared(point, None)
    return Compared(point, _said(found, point, resting(dues), server.load_on(point.cpus)))


def _said(found: Prediction, point: Point, resting: float, load: float) -> Predicted:
    """What is said of the server: in the model, flows take what the load generator needs, too."""
    throughput = found.estimates["throughput",]
    return Predicted(
        throughput=stretched(throughput, 1 / (1 - resting)),
        mean=shifted(found.latency("mean"), -load),
        p95=shifted(found.latency("p95"), -load),
        cpu=0.0 if point.emulated else demanded(found, point.cpus) - load,
        doubts=found.doubts,
    )


_BEGAN = time.monotonic()


def _tell(what: str) -> None:
    """Show how far it is."""
    print(f"{time.monotonic() - _BEGAN:5.0f} s  {what}", file=sys.stderr, flush=True)

"""The order of all that is done: servers are calibrated, then run by seed, then predicted.

Nothing is simulated while servers run.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flux.profile.model import Profile
from flux.simulation.prediction import wiring
from flux.simulation.prediction.replications import Effort, Prediction, Subject
from flux.simulation.prediction.running import Runner, runner
from observing import machine
from observing.observation import Run
from observing.picture import picture
from observing.points import Compared, Point, Predicted, stretched
from observing.predictions import most, subject_of
from observing.predictions import predict as predicted
from observing.schedules import drawn, resting
from observing.settings import Settings
from observing.studies import Observe, Study, studies

DRAWN = "image server, C++, pool"


@dataclass(frozen=True, slots=True)
class Campaign:
    """What was observed, and the models that say what should have been."""

    points: tuple[Point, ...]
    subjects: dict[str, Subject]


def observe(settings: Settings) -> Campaign:
    """Calibrate all servers, and run them at all points."""
    every = list(studies())
    profiles = [_calibrated(every, *each, settings) for each in enumerate(settings.loads)]
    subjects = {
        study.name: subject_of(study, own)
        for study, own in zip(every, zip(*profiles, strict=True), strict=True)
    }
    points = [
        point
        for study in every
        for cpus in study.cpus
        for point in _points(study, subjects[study.name], cpus, settings)
    ]
    named = {study.name: study for study in every}
    for seed in settings.seeds:
        points = list(_seeded(named, points, seed, settings))
    return Campaign(tuple(points), subjects)


def predict(campaign: Campaign, settings: Settings) -> tuple[list[Compared], str]:
    """What was predicted of each point, for the flows that came; and the picture of one server."""
    with runner(wiring.engine(), machine.processors()) as run:
        compared = [_compared(point, campaign, settings, run) for point in campaign.points]
        drawn = [each for each in compared if each.point.study == DRAWN]
        return compared, picture(drawn, campaign.subjects[DRAWN], run, Effort(settings.runs))


def _calibrated(
    every: Sequence[Study], start: int, load: float, settings: Settings
) -> list[Profile]:
    """A profile of each server, started anew, at such a load."""
    found = []
    for study in every:
        _tell(f"profiling {study.name} at {load}")
        found.append(study.calibrated(settings.calibration, start, load))
    return found


def _points(study: Study, subject: Subject, cpus: int, settings: Settings) -> Iterator[Point]:
    largest = most(subject, cpus)
    for utilisation in settings.seconds:
        rate = utilisation * largest
        yield Point(study.name, cpus, utilisation, rate, (), study.emulated)


def _seeded(
    named: dict[str, Study], points: Sequence[Point], seed: int, settings: Settings
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
    schedule = drawn(point.rate, settings.seconds[point.utilisation], seed, study.needs)
    _tell(f"seed {seed}: {point.study}, {point.cpus} at {point.utilisation}, {point.rate:.0f}/s")
    for tries in range(1, settings.retries + 2):
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
    found = predicted(campaign.subjects[point.study], point.cpus, dues, run, settings.runs)
    return Compared(point, None if found.is_saturated else _said(found, point, resting(dues)))


def _said(found: Prediction, point: Point, resting: float) -> Predicted:
    throughput = found.estimates["throughput",]
    used = found.estimates["use", "processors", "processors"].value * point.cpus
    return Predicted(
        throughput=stretched(throughput, 1 / (1 - resting)),
        mean=found.latency("mean"),
        p95=found.latency("p95"),
        cpu=0.0 if point.emulated else used / throughput.value,
        doubts=found.doubts,
    )


_BEGAN = time.monotonic()


def _tell(what: str) -> None:
    """Show how far it is."""
    print(f"{time.monotonic() - _BEGAN:5.0f} s  {what}", file=sys.stderr, flush=True)

"""Predictions for many settings: each number of processors with each of threads, and each rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from flux.simulation.prediction.replications import Effort, Prediction, Subject, predicted
from flux.simulation.prediction.running import Runner
from flux.simulation.prediction.settings import Setting, applied


@dataclass(frozen=True, slots=True)
class Point:
    """A setting, and what comes of it."""

    setting: Setting
    prediction: Prediction


def settings(
    cpus: Sequence[int] = (),
    threads: Sequence[int] = (),
    max_flows: Sequence[int] = (),
    rates: Sequence[float] = (),
) -> list[Setting]:
    """All combinations; the rate changes fastest."""
    every = product(cpus or (None,), threads or (None,), max_flows or (None,), rates or (None,))
    return [Setting(*each) for each in every]


def swept(
    subject: Subject, run: Runner, effort: Effort, chosen: Sequence[Setting]
) -> Iterator[Point]:
    """The settings in turn, each as soon as it is done."""
    for setting in chosen:
        yield Point(setting, predicted(under(subject, setting), run, effort))


def under(subject: Subject, setting: Setting) -> Subject:
    """The subject in a setting; one that it can't have is found before anything runs."""
    applied(subject.model, setting)
    return subject.changed(lambda model: applied(model, setting))

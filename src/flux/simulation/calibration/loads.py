"""Profiles of one server at several loads: what they say of times, and how these fall with load.

Times of calls hold what flows wait for at a high load, so they come from the profiles at the lowest
load. The others only tell how much less processor time the server used for its flows: the
logarithms of the factors that starts are taken to have (`starts` beside this) are fitted by a line.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt
from statistics import fmean

from flux.profile.model import Profile
from flux.simulation.calibration.served import processors_of
from flux.simulation.calibration.starts import between, factors, variation
from flux.simulation.warming import Warming

NEAR = 0.15
"""Loads that are nearer to the lowest one than this part of the processors are as low."""


def calm(profiles: Sequence[Profile]) -> list[Profile]:
    """Those at the lowest load."""
    lowest = min(map(use, profiles))
    return [each for each in profiles if use(each) < lowest + NEAR]


def use(profile: Profile) -> float:
    """Which part of the processors the server used."""
    time = profile.elapsed * processors_of(profile.server)
    return profile.cpu / time if time else 0.0


def warming(profiles: Sequence[Profile]) -> tuple[Warming | None, float]:
    """How processor time falls with load, if loads differ; by how much starts differ otherwise."""
    lowest = calm(profiles)
    found = factors(profiles, lowest) if len(lowest) < len(profiles) else None
    if found is None:
        return None, variation(lowest)
    uses, logarithms = [use(each) for each in profiles], [factor for factor, _ in found]
    line = _line(uses, logarithms)
    chances = [chance for _, chance in found]
    rest = [factor - line.slope * each for each, factor in zip(uses, logarithms, strict=True)]
    differ = between(rest, chances, fitted=2)
    squares = sum((each - fmean(uses)) ** 2 for each in uses)
    error = sqrt((differ + fmean(chances)) / squares)
    line = replace(line, error=error, at=fmean(map(use, lowest)))
    return line, sqrt(differ * (1 + 1 / len(profiles)))


def _line(uses: Sequence[float], logarithms: Sequence[float]) -> Warming:
    """The line of least squares."""
    middle, mean = fmean(uses), fmean(logarithms)
    pairs = list(zip(uses, logarithms, strict=True))
    slope = sum((each - middle) * (factor - mean) for each, factor in pairs)
    slope /= sum((each - middle) ** 2 for each in uses)
    return Warming(slope, 0.0, middle, min(uses), max(uses))

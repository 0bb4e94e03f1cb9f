"""How times are drawn, so that equal seeds give equal runs in both engines.

A run has one stream of uniform numbers in [0, 1): `random.Random(seed).random()`, the Mersenne
Twister with 53 bits. It is asked in this order:

- before the run: for each source in turn, the time of its first arrival, or for each of its
  clients the first time that it thinks;
- at an arrival: the time to the next one, then for each flow of the burst its route (nothing is
  drawn if there is only one), then its loop (only of a source that spreads), then its
  session (only if a constraint has that scope);
- when a flow first has a processor: the overhead;
- at the beginning of a `Run`, before it queues for anything: its I/O, then its processor time;
- when a client's flow has ended or was dropped: the time that it thinks.

Numbers that a time takes, u being the next of the stream:

- `Constant`, `Recorded`: none.
- `Exponential`: log2(1 - u) times -log(2) times the mean, a product that is made once.
- `Uniform`: low + (high - low) u.
- `Erlang`: the sum of `shape` times log2(1 - u), times -log(2) times mean / shape.
- `Lognormal`: exp(mu + sigma z) with z = sqrt(-2 log(1 - u)) cos(2 pi u'), two numbers.
- `Hyperexponential`: one to choose the part, one for its time.
- `Empirical`: one to choose the bucket, one for the place in it.

Python has logarithms to the base 2 in half the time of natural ones.

A choice among weights is the first whose running total is above u times the whole.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from enum import IntEnum
from itertools import accumulate, repeat
from typing import NamedTuple

from flux.simulation.times import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Time,
    Uniform,
)

Draw = Callable[[], float]

UNIT = -math.log(2.0)
"""What makes log2(1 - u) an exponential time whose mean is 1."""


class Kind(IntEnum):
    """Kinds of times, as the engine in C++ numbers them (`flux/simulator/times.hpp`)."""

    CONSTANT = 0
    EXPONENTIAL = 1
    UNIFORM = 2
    ERLANG = 3
    LOGNORMAL = 4
    HYPEREXPONENTIAL = 5
    EMPIRICAL = 6


class Prepared(NamedTuple):
    """A time as numbers: what can be computed before it is drawn is computed here, once.

    Those with a choice have the running totals of the weights first, then what is chosen from.
    """

    kind: Kind
    numbers: tuple[float, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether it is always zero."""
        return self.kind is Kind.CONSTANT and not self.numbers[0]


def prepare(time: Time) -> Prepared:  # noqa: PLR0911 - one for each kind
    """The numbers that both engines draw a time by."""
    match time:
        case Constant(value):
            return Prepared(Kind.CONSTANT, (value,))
        case Exponential(mean):
            return Prepared(Kind.EXPONENTIAL, (UNIT * mean,))
        case Uniform(low, high):
            return Prepared(Kind.UNIFORM, (low, high - low))
        case Erlang(mean, shape):
            return Prepared(Kind.ERLANG, (UNIT * (mean / shape), float(shape)))
        case Lognormal(mean, cv):
            return _lognormal(mean, cv)
        case Hyperexponential(means, weights):
            scales = (UNIT * mean for mean in means)
            return Prepared(Kind.HYPEREXPONENTIAL, (*accumulate(weights), *scales))
        case Empirical(bounds, counts):
            return Prepared(Kind.EMPIRICAL, (*map(float, accumulate(counts)), *bounds))


def _lognormal(mean: float, cv: float) -> Prepared:
    if not mean:
        return Prepared(Kind.CONSTANT, (0.0,))
    variance = math.log(1.0 + cv * cv)
    return Prepared(Kind.LOGNORMAL, (math.log(mean) - variance / 2, math.sqrt(variance)))


def sampler(time: Prepared, random: Draw) -> Draw:  # noqa: PLR0911 - one for each kind
    """What draws a time from the stream."""
    numbers = time.numbers
    match time.kind:
        case Kind.CONSTANT:
            return repeat(numbers[0]).__next__
        case Kind.EXPONENTIAL:
            return _exponential(numbers[0], random)
        case Kind.UNIFORM:
            return _uniform(numbers[0], numbers[1], random)
        case Kind.ERLANG:
            return _erlang(numbers[0], int(numbers[1]), random)
        case Kind.LOGNORMAL:
            return _normal(numbers[0], numbers[1], random)
        case Kind.HYPEREXPONENTIAL:
            half = len(numbers) // 2
            return _hyperexponential(numbers[:half], numbers[half:], random)
        case Kind.EMPIRICAL:
            half = len(numbers) // 2
            return _empirical(numbers[:half], numbers[half:], random)


def choose(totals: Sequence[float], random: Draw) -> int:
    """Which of several, by the running totals of their weights."""
    return min(bisect_right(totals, random() * totals[-1]), len(totals) - 1)


def _exponential(scale: float, random: Draw) -> Draw:
    return lambda: math.log2(1.0 - random()) * scale


def _uniform(low: float, width: float, random: Draw) -> Draw:
    return lambda: low + width * random()


def _erlang(scale: float, shape: int, random: Draw) -> Draw:
    def draw() -> float:
        total = 0.0
        for _ in range(shape):
            total += math.log2(1.0 - random())
        return total * scale

    return draw


def _normal(mu: float, sigma: float, random: Draw) -> Draw:
    def draw() -> float:
        radius = math.sqrt(-2.0 * math.log(1.0 - random()))
        return math.exp(mu + sigma * (radius * math.cos(2.0 * math.pi * random())))

    return draw


def _hyperexponential(totals: Sequence[float], scales: Sequence[float], random: Draw) -> Draw:
    def draw() -> float:
        scale = scales[choose(totals, random)]
        return math.log2(1.0 - random()) * scale

    return draw


def _empirical(totals: Sequence[float], bounds: Sequence[float], random: Draw) -> Draw:
    def draw() -> float:
        bucket = choose(totals, random)
        return bounds[bucket] + (bounds[bucket + 1] - bounds[bucket]) * random()

    return draw

"""Means of distributions, and distributions that are stretched."""

import pytest

from flux.simulation.arithmetic import mean_time, scaled
from flux.simulation.model import Closed, Open, Recorded
from flux.simulation.prediction.scaling import hastened, rate
from flux.simulation.times import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Hyperexponential,
    Lognormal,
    Uniform,
)

MEANS = [
    (Constant(3.0), 3.0),
    (Exponential(2.0), 2.0),
    (Uniform(1.0, 4.0), 2.5),
    (Erlang(5.0, 3), 5.0),
    (Lognormal(4.0, 2.0), 4.0),
    (Hyperexponential((1.0, 5.0), (3.0, 1.0)), 2.0),
    (Empirical((0.0, 2.0, 4.0), (3, 1)), 1.5),
]


@pytest.mark.parametrize(("time", "average"), MEANS)
def test_the_mean_of_each_distribution_is_known(time, average):
    assert mean_time(time) == pytest.approx(average)


@pytest.mark.parametrize(("time", "average"), MEANS)
def test_stretching_stretches_the_mean(time, average):
    assert mean_time(scaled(time, 0.75)) == pytest.approx(0.75 * average)


@pytest.mark.parametrize(
    ("arrivals", "per_second"),
    [
        (Open(Exponential(0.01)), 100),
        (Open(Constant(0.1), burst=5), 50),
        (Recorded((0.1, 0.3)), 5),
        (Closed(3, Constant(1.0)), None),
        (Open(Constant(0.0)), None),
    ],
)
def test_the_rate_of_arrivals_is_known(arrivals, per_second):
    assert rate(arrivals) == (None if per_second is None else pytest.approx(per_second))


@pytest.mark.parametrize("arrivals", [Open(Exponential(0.01)), Recorded((0.1, 0.3))])
def test_arrivals_can_come_faster(arrivals):
    assert rate(hastened(arrivals, 3)) == pytest.approx(3 * rate(arrivals))

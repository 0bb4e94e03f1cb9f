"""How often flows arrive, and how often they are to."""

import pytest

from flux.simulation.arithmetic import mean_time, scaled
from flux.simulation.arrivals import at_rate, hastened, rate_of
from flux.simulation.model import Closed, Machine, Model, Open, Recorded, Source
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
    assert rate_of(arrivals) == (None if per_second is None else pytest.approx(per_second))


@pytest.mark.parametrize("arrivals", [Open(Exponential(0.01)), Recorded((0.1, 0.3))])
def test_arrivals_can_come_faster(arrivals):
    assert rate_of(hastened(arrivals, 3)) == pytest.approx(3 * rate_of(arrivals))


def arrivals_at(rate, *arrivals):
    sources = tuple(Source(str(number), each, ()) for number, each in enumerate(arrivals))
    changed = at_rate(Model("program", sources, (), (), Machine()), rate)
    return [source.arrivals for source in changed.sources]


def test_sources_keep_their_shares_and_their_kind_of_arrivals_at_another_rate():
    fast, slow = arrivals_at(50, Open(Constant(0.1), burst=2), Recorded((0.1, 0.3)))
    assert fast == Open(Constant(pytest.approx(0.05)), burst=2)
    assert slow == Recorded((pytest.approx(0.05), pytest.approx(0.15)))


def test_clients_come_by_chance_at_a_given_rate():
    assert arrivals_at(50, Closed(3, Constant(1.0))) == [Open(Exponential(0.02))]

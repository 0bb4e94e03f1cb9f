"""Profiles drawn anew: as often as flows were timed, and with the errors of their means."""

from random import Random
from statistics import stdev

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measured.image import MS, WAYS, image_profile, same, spread
from simulation.calibrated import CALM

from flux.profile.histogram import Histogram, together
from flux.simulation.calibration.bootstrap import binomial, multinomial, redrawn, resampled
from flux.simulation.calibration.costs import Calls


def test_resampled_profile_has_as_many_flows():
    again = resampled(image_profile(), Random(1))
    assert sum(path.count for path in again.paths) == sum(way.count for way in WAYS)
    assert again != image_profile()


def test_resampled_means_vary_by_their_standard_error():
    histogram = spread(400, 10 * MS)
    random = Random(2)
    means = [redrawn(histogram, random).mean for _ in range(2000)]
    middle = sum(means) / len(means)
    error = (sum((each - middle) ** 2 for each in means) / len(means)) ** 0.5
    assert middle == pytest.approx(histogram.mean, rel=0.002)
    assert error == pytest.approx(histogram.error, rel=0.06)


def weighed(histogram, weight):
    """As a profile holds it in which each value counts for so many."""
    buckets = tuple((bucket, count * weight) for bucket, count in histogram.buckets)
    return Histogram(histogram.count * weight, histogram.total * weight, histogram.max, buckets)


@st.composite
def times(draw):
    """Some values."""
    filled = st.tuples(st.integers(1, 50), st.integers(1_000, 100 * MS))
    return together(same(count, value) for count, value in draw(st.lists(filled, min_size=1)))


WEIGHTS = st.sampled_from([2, 8, 64])


@settings(deadline=None)
@given(times(), WEIGHTS, st.integers(0, 2**32))
def test_calls_are_drawn_as_often_as_they_were_timed(timed, weight, seed):
    drawn = redrawn(weighed(timed, weight), Random(seed), 1 / weight)
    expected = weighed(redrawn(timed, Random(seed)), weight)
    assert drawn.buckets == expected.buckets
    assert drawn.count == expected.count
    assert drawn.total == pytest.approx(expected.total, abs=weight)


@settings(deadline=None)
@given(times(), times(), WEIGHTS, st.floats(0, 2))
def test_io_is_more_than_chance_if_it_is_for_those_calls_that_were_timed(wall, cpu, weight, load):
    alone = Calls("Node", wall.count, wall, cpu)
    counted = Calls("Node", wall.count * weight, weighed(wall, weight), cpu, share=1 / weight)
    assert counted.left(load) == pytest.approx(alone.left(load))


@pytest.mark.parametrize("weight", [4, 64])
def test_intervals_are_as_wide_as_for_a_profile_of_those_flows_that_were_timed(weight):
    profile = image_profile(**CALM)
    flows = sum(path.count for path in profile.paths)
    profile = msgspec.structs.replace(profile, timed=flows // weight)
    drawn = [resampled(profile, Random(seed)).nodes for seed in range(300)]
    for place, node in enumerate(profile.nodes):
        means = [nodes[place].wall.mean for nodes in drawn]
        if node.wall.count > 10 * weight:
            assert stdev(means) == pytest.approx(node.wall.error * weight**0.5, rel=0.25)


@pytest.mark.parametrize(("n", "p"), [(20, 0.3), (10**6, 1e-6), (10**6, 0.4), (50, 0.97)])
def test_binomial_numbers_have_their_mean_and_variance(n, p):
    random = Random(3)
    drawn = [binomial(n, p, random) for _ in range(4000)]
    middle = sum(drawn) / len(drawn)
    variance = sum((each - middle) ** 2 for each in drawn) / len(drawn)
    assert middle == pytest.approx(n * p, rel=0.1, abs=0.05)
    assert variance == pytest.approx(n * p * (1 - p), rel=0.1, abs=0.05)


def test_multinomial_counts_add_up():
    assert sum(multinomial([1_000_000, 3, 0, 500_000], Random(4))) == 1_500_003
    assert multinomial([0, 5], Random(4)) == [0, 5]

"""Quantiles of counted latencies."""

from math import log

import pytest
from predicted.engine import bucket_of, latencies

from flux.simulation.engines.latencies import Tally
from flux.simulation.prediction.quantiles import bounds, mean, quantile
from flux.simulation.result import SHORTEST, Latencies

NONE = Latencies(0, 0.0, 0.0, 0.0, {})


@pytest.mark.parametrize("part", [0.5, 0.9, 0.95, 0.99])
def test_quantiles_are_those_of_the_distribution(part):
    found = quantile(latencies(100_000, 0.02), part)
    assert found == pytest.approx(-0.02 * log(1 - part), rel=0.03)


def test_no_quantile_is_longer_than_the_longest():
    assert quantile(Latencies(1, 0.01, 1e-4, 0.01, {bucket_of(0.01): 1}), 0.99) == 0.01


def test_of_no_flows_there_are_none():
    assert (mean(NONE), quantile(NONE, 0.95)) == (0.0, 0.0)


def test_a_bucket_begins_where_the_one_before_ends():
    assert [bounds(bucket)[0] for bucket in (1, 256, 5000)] == [
        bounds(bucket)[1] for bucket in (0, 255, 4999)
    ]
    assert bounds(256)[0] == 2 * SHORTEST
    assert bounds(0)[0] == 0


@pytest.mark.parametrize("time", [1e-9, 0.02, 1.0, 2.0**-30 * 255, 5e6])
def test_a_latency_is_counted_between_the_bounds_of_its_bucket(time):
    tally = Tally()
    tally.add([time])
    (bucket,) = tally.latencies().buckets
    low, high = bounds(bucket)
    assert low <= time < high <= max(low, SHORTEST) * (1 + 1 / 256)


def test_shortest_latencies_are_counted_in_the_first_bucket():
    tally = Tally()
    tally.add([0.0, 1e-12, 2.0**-31])
    assert tally.latencies().buckets == {0: 3}

"""Quantiles of counted latencies."""

from math import log

import pytest
from predicted.engine import latencies

from flux.simulation.prediction.quantiles import bounds, mean, quantile
from flux.simulation.result import Latencies

NONE = Latencies(0, 0.0, 0.0, 0.0, {})


@pytest.mark.parametrize("part", [0.5, 0.9, 0.95, 0.99])
def test_quantiles_are_those_of_the_distribution(part):
    found = quantile(latencies(100_000, 0.02), part)
    assert found == pytest.approx(-0.02 * log(1 - part), rel=0.03)


def test_no_quantile_is_longer_than_the_longest():
    assert quantile(Latencies(1, 0.01, 1e-4, 0.01, {2977: 1}), 0.99) == 0.01


def test_of_no_flows_there_are_none():
    assert (mean(NONE), quantile(NONE, 0.95)) == (0.0, 0.0)


def test_a_bucket_begins_where_the_one_before_ends():
    assert bounds(128)[0] == pytest.approx(bounds(127)[1])
    assert bounds(128)[0] == pytest.approx(2e-9)
    assert bounds(0)[0] == 0

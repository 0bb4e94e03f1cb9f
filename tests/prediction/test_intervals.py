"""Student's t, and the intervals that runs give."""

from math import inf
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.simulation.prediction.intervals import Estimate, bounded, estimate, student


@pytest.mark.parametrize(
    ("freedom", "t"), [(1, 12.7062), (2, 4.30265), (9, 2.26216), (19, 2.09302), (100, 1.98397)]
)
def test_students_t_is_that_of_the_tables(freedom, t):
    assert student(freedom) == pytest.approx(t, rel=1e-5)


def test_students_t_of_another_level_is_that_of_the_tables():
    assert student(10, 0.99) == pytest.approx(3.16927, rel=1e-5)


def test_an_interval_is_that_of_the_textbook():
    found = estimate([10.0, 12.0, 14.0])
    assert found.value == 12
    assert found.high - found.value == pytest.approx(4.30265 * 2 / 3**0.5, rel=1e-5)


def test_of_one_run_nobody_knows_how_far_off_it_is():
    assert estimate([3.0]) == Estimate(3.0, -inf, inf)


def test_equal_runs_leave_no_doubt():
    assert estimate([2.0, 2.0, 2.0]) == Estimate(2.0, 2.0, 2.0)


def test_an_interval_stays_within_what_can_be():
    assert bounded(Estimate(0.9, 0.7, 1.1), 0.0, 1.0) == Estimate(0.9, 0.7, 1.0)


def test_nineteen_intervals_of_twenty_hold_the_truth():
    random = Random(3)
    samples = [estimate([random.gauss(5, 2) for _ in range(8)]) for _ in range(4000)]
    held = sum(each.low <= 5 <= each.high for each in samples) / len(samples)
    assert held == pytest.approx(0.95, abs=0.012)


def test_nineteen_intervals_of_twenty_hold_what_one_more_run_says():
    random = Random(4)
    samples = [estimate([random.gauss(5, 2) for _ in range(8)], 1) for _ in range(4000)]
    held = sum(each.low <= random.gauss(5, 2) <= each.high for each in samples) / len(samples)
    assert held == pytest.approx(0.95, abs=0.012)


@given(st.lists(st.floats(0, 1e6), min_size=2, max_size=30))
def test_an_interval_holds_its_value(values):
    found = estimate(values)
    assert found.low <= found.value <= found.high


def test_the_spread_is_half_of_the_interval_as_a_part():
    assert Estimate(10.0, 9.0, 11.0).spread == pytest.approx(0.1)

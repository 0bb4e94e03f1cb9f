"""Warm-up and trends."""

from random import Random

import pytest

from flux.simulation.prediction.steady import (
    averaged,
    kendall,
    relaxation,
    trend,
    truncation,
    warm_up,
)

RISING = [1.0 + 0.1 * place for place in range(20)]


def noise(seed, count=20):
    random = Random(seed)
    return [10 + random.gauss(0, 1) for _ in range(count)]


def test_the_start_of_a_run_that_begins_empty_is_cut_off():
    assert truncation([1.0, 5.0, 9.0, *[10.0, 10.1] * 8]) == 3


def test_nothing_is_cut_off_a_run_that_has_settled():
    assert truncation([10.0, 10.1] * 10) <= 2


def test_at_most_half_is_cut_off():
    assert truncation(RISING) <= 10


def test_a_tenth_is_always_let_go_by():
    assert warm_up([10.0] * 20, 1000, 0.5) == 100


def test_what_is_cut_off_becomes_the_warm_up():
    assert warm_up([1.0, 3.0, 5.0, 7.0, 9.0, *[10.0, 10.1] * 7, 10.0], 1000, 0.5) == 250


def test_chance_rarely_cuts_off_much():
    cuts = [truncation(noise(seed)) for seed in range(200)]
    assert sum(cut > 4 for cut in cuts) <= 60


@pytest.mark.parametrize("seed", range(5))
def test_at_a_high_load_as_many_go_by_as_a_queue_needs_to_forget_its_beginning(seed):
    # At 0.98 that is 0.98 / (1 - sqrt(0.98))^2.
    assert relaxation(0.98) == pytest.approx(9702, abs=1)
    assert warm_up([10.0] * 20, 20_000, 0.98) == 9702
    assert warm_up(noise(seed), 20_000, 0.99) == 10_000


@pytest.mark.parametrize("load", [0.0, 1.0, 1.3])
def test_of_no_load_or_too_much_no_relaxation_is_known(load):
    assert relaxation(load) == 0
    assert warm_up([10.0] * 20, 1000, load) == 100


def test_parts_are_averaged_over_runs():
    assert averaged([(1.0, 2.0), (3.0, 6.0)]) == [2.0, 4.0]


def test_kendalls_statistic_is_that_of_the_textbook():
    # All 190 pairs of 20 values rise; their variance is 20 * 19 * 45 / 18 = 950.
    assert kendall(RISING) == pytest.approx((190 - 1) / 950**0.5)


def test_what_rises_has_a_trend():
    assert trend(RISING) == pytest.approx(1.0 / 1.95)


def test_what_falls_has_a_trend():
    assert trend(RISING[::-1]) < 0


def test_chance_is_rarely_taken_for_a_trend():
    assert sum(trend(noise(seed)) != 0 for seed in range(200)) <= 8


def test_a_trend_that_nobody_notices_is_none():
    assert trend([100 + 0.01 * place for place in range(20)]) == 0


def test_of_no_parts_nothing_is_said():
    assert (trend([]), truncation([])) == (0, 0)

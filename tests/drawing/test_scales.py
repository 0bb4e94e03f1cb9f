"""Axes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.drawing.scales import fitting, linear, logarithmic

VALUES = st.floats(1e-6, 1e6)


def test_a_linear_axis_has_round_marks_from_nothing_on():
    scale = linear(480, 0, 100)
    assert scale.ticks == (0, 100, 200, 300, 400, 500)
    assert [scale.place(value) for value in (0, 250, 500)] == [0, 50, 100]


def test_a_logarithmic_axis_is_marked_at_one_two_and_five():
    scale = logarithmic(30, 450, 100, 0)
    assert scale.ticks == pytest.approx((20, 50, 100, 200, 500))
    assert scale.place(100) == pytest.approx(50)


def test_many_decades_are_marked_at_powers_of_ten():
    assert logarithmic(0.001, 40, 0, 1).ticks == pytest.approx((0.001, 0.01, 0.1, 1, 10, 100))


def test_values_far_apart_get_a_logarithm():
    assert fitting([1, 100], 0, 1).is_log
    assert not fitting([50, 100], 0, 1).is_log


def test_without_values_there_is_an_axis_still():
    assert fitting([], 0, 1).ticks


def test_what_is_outside_stands_at_the_end():
    scale = linear(10, 0, 100)
    assert (scale.place(-5), scale.place(float("inf"))) == (0, 100)


@given(st.lists(VALUES, min_size=1, max_size=9))
def test_every_value_is_within_the_axis(values):
    scale = fitting(values, 0, 100)
    assert scale.low <= min(values) * (1 + 1e-6)
    assert scale.high >= max(values) * (1 - 1e-6)
    assert 2 <= len(scale.ticks) <= 20

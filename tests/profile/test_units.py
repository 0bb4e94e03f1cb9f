import pytest

from flux.profile.units import duration, number, percent, rate, share


@pytest.mark.parametrize(
    ("nanoseconds", "shown"),
    [
        (0, "0"),
        (0.25, "0.25 ns"),
        (1, "1.00 ns"),
        (640, "640 ns"),
        (999.7, "1.00 µs"),
        (1_240, "1.24 µs"),
        (999_960, "1.00 ms"),
        (12_400_000, "12.4 ms"),
        (9_999_000_000, "10.0 s"),
        (99.9e9, "99.9 s"),
        (150e9, "2.50 min"),
        (7200e9, "2.00 h"),
        (-1_240, "-1.24 µs"),
    ],
)
def test_durations_have_three_digits(nanoseconds, shown):
    assert duration(nanoseconds) == shown


@pytest.mark.parametrize(
    ("count", "shown"), [(0, "0"), (3_201, "3,201"), (9_999_999, "9,999,999"), (12.3e6, "12.3 M")]
)
def test_counts_are_exact_until_they_are_large(count, shown):
    assert number(count) == shown


@pytest.mark.parametrize(
    ("part", "shown"),
    [(0, "0%"), (1, "0.1%"), (5_000, "50.0%"), (9_999, "99.9%"), (10_000, "100%")],
)
def test_only_nothing_looks_like_nothing_and_only_all_like_all(part, shown):
    assert share(part, 10_000) == shown


def test_there_is_no_share_of_nothing():
    assert (share(0, 0), percent(0, 0), rate(1, 0)) == ("-", "-", "-")


@pytest.mark.parametrize(("count", "shown"), [(3, "0.30/s"), (8_384, "838/s"), (83_840, "8,384/s")])
def test_rates_are_by_the_second(count, shown):
    assert rate(count, 10_000_000_000) == shown

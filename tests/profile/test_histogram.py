from hypothesis import given
from hypothesis import strategies as st

from flux.profile.histogram import EMPTY, Histogram, bucket_of, lowest

VALUES = st.integers(0, 2**50)


def histogram(values):
    counts = {}
    for value in values:
        counts[bucket_of(value)] = counts.get(bucket_of(value), 0) + 1
    return Histogram(
        len(values), sum(values), max(values, default=0), tuple(sorted(counts.items()))
    )


def test_small_values_have_buckets_of_their_own():
    assert [bucket_of(value) for value in range(64)] == list(range(64))


def test_an_octave_has_32_buckets():
    assert bucket_of(2**20) - bucket_of(2**19) == 32


@given(VALUES)
def test_a_value_stands_in_its_bucket(value):
    assert lowest(bucket_of(value)) <= value < lowest(bucket_of(value) + 1)


@given(VALUES)
def test_a_bucket_is_narrow(value):
    bucket = bucket_of(value)
    assert lowest(bucket + 1) - lowest(bucket) <= max(1, value / 32)


@given(st.lists(VALUES, min_size=1), st.sampled_from([0, 1, 50, 95, 99, 100]))
def test_percentiles_are_right_within_a_bucket(values, percent):
    place = max(-(-len(values) * percent // 100) - 1, 0)
    exact = sorted(values)[place]
    assert abs(histogram(values).percentile(percent) - exact) <= exact / 32 + 0.5


@given(st.lists(VALUES, min_size=1))
def test_the_mean_is_exact(values):
    assert histogram(values).mean == sum(values) / len(values)


def test_nothing_has_no_time():
    assert (EMPTY.mean, EMPTY.percentile(99)) == (0, 0)


@given(st.lists(VALUES), st.lists(VALUES))
def test_a_difference_is_what_came_between(earlier, later):
    came = histogram(earlier + later).since(histogram(earlier))
    expected = histogram(later)
    assert (came.count, came.total, came.buckets) == (
        expected.count,
        expected.total,
        expected.buckets,
    )
    assert expected.max <= came.max <= expected.max + expected.max / 32

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flux.profile import histogram as read_by
from flux.runtime.profiler.histogram import Histogram

# Those near a power of 2 stand at the edge of a bucket, where rounding would show.
DURATIONS = st.one_of(
    st.integers(0, 2**50),
    st.integers(0, 2**10),
    st.builds(lambda power, more: max(0, 2**power + more), st.integers(0, 50), st.integers(-2, 2)),
)


@given(st.lists(st.lists(DURATIONS, min_size=1), min_size=1))
def test_durations_are_counted_into_the_buckets_of_the_contract(batches):
    histogram = Histogram()
    for batch in batches:
        histogram.add(batch[:])
    durations = [duration for batch in batches for duration in batch]
    size, total, longest, buckets = histogram.read()
    assert (size, total, longest) == (len(durations), sum(durations), max(durations))
    assert buckets == Counter(map(read_by.bucket_of, durations))


@pytest.mark.parametrize(("lowest", "highest"), [(512, 2**17 - 1), (32, 2**13 - 1), (0, 2**24 - 1)])
def test_many_durations_are_counted_however_far_apart(lowest, highest):
    histogram = Histogram()
    durations = [*range(lowest, highest, 509), highest]
    histogram.add(durations)
    assert histogram.read() == (
        len(durations),
        sum(durations),
        highest,
        Counter(map(read_by.bucket_of, durations)),
    )


def test_a_longer_duration_after_many_is_the_longest():
    histogram = Histogram()
    for duration in (1000, 1001, 999, 2**24, 2**30 + 1, 2**24 - 1):
        histogram.add([duration])
        histogram.fold()
    assert histogram.read().max == 2**30 + 1


def test_zeros_are_counted():
    histogram = Histogram()
    histogram.add_zeros(3)
    assert histogram.read() == (3, 0, 0, {0: 3})

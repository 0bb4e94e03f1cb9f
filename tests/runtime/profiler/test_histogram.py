from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from flux.profile import histogram as read_by
from flux.runtime.profiler.histogram import Histogram


@given(st.lists(st.lists(st.integers(0, 2**50), min_size=1), min_size=1))
def test_durations_are_counted_into_the_buckets_of_the_contract(batches):
    histogram = Histogram()
    for batch in batches:
        histogram.add(batch[:])
    durations = [duration for batch in batches for duration in batch]
    size, total, longest, buckets = histogram.read()
    assert (size, total, longest) == (len(durations), sum(durations), max(durations))
    assert buckets == Counter(map(read_by.bucket_of, durations))


def test_zeros_are_counted():
    histogram = Histogram()
    histogram.add_zeros(3)
    assert histogram.read() == (3, 0, 0, {0: 3})

"""The clocks of profiles, in nanoseconds.

`perf_counter` never goes back, and is the same for all threads; `thread_time` is each thread's.
"""

from itertools import pairwise
from time import perf_counter_ns, process_time_ns, thread_time_ns

clock = perf_counter_ns
cpu = thread_time_ns
process_cpu = process_time_ns

SECOND = 1_000_000_000


def _cost_of_cpu() -> int:
    """The least of many: whatever else comes between two looks only adds to it."""
    looks = [cpu() for _ in range(100)]
    return min(later - earlier for earlier, later in pairwise(looks))


COST_OF_CPU = _cost_of_cpu()
"""What looking at the processor's clock takes, which is more than some calls do."""

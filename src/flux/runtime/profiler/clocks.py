"""The clocks of profiles, in nanoseconds.

`perf_counter` never goes back, and is the same for all threads; `thread_time` is each thread's.
"""

from time import perf_counter_ns, process_time_ns, thread_time_ns

clock = perf_counter_ns
cpu = thread_time_ns
process_cpu = process_time_ns

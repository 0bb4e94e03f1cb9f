"""What the flow of this thread has done and when, while a profile is on.

A record is a list of marks, each followed by its time in ns; `flux.runtime.profiler.marks` knows
what they mean. The locks put in one mark of their own, for it is only on their slow paths that a
flow is known to wait.
"""

from contextvars import ContextVar
from time import perf_counter_ns as clock

Record = list[int]

WAITED = 0

record: ContextVar[Record | None] = ContextVar("the record of this thread's flow", default=None)


def note_wait() -> None:
    """Say that what is being acquired was not free."""
    stamps = record.get()
    if stamps is not None:
        stamps += (WAITED, clock())

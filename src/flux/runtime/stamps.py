"""What the flow of this thread has done and when, while a profile is on.

A record is a list of marks, each followed by its time in ns; `flux.runtime.profiler.marks` knows
what they mean. The locks put in one mark of their own, for it is only on their slow paths that a
flow is known to wait.
"""

from threading import get_ident
from time import perf_counter_ns as clock

Record = list[int]

WAITED = 0

running: dict[int, Record] = {}
"""The records of the turns and flows that threads carry now, by `get_ident()`.

A ContextVar would make three objects each time that it is set, which is four times a flow.
"""


def current() -> Record | None:
    """That of this thread's turn or flow, if it is recorded."""
    return running.get(get_ident())


def note_wait() -> None:
    """Say that what is being acquired was not free."""
    stamps = current()
    if stamps is not None:
        stamps += (WAITED, clock())

"""How late a thread begins that slept while its processor was idle."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from statistics import median_low
from time import monotonic_ns, sleep

PAUSE = 0.003
"""Seconds. The longer a processor is idle, the longer it takes to wake up: a server at a low load
waits some milliseconds for its next flow."""
TIMES = 15

_SET_TIMERSLACK, _GET_TIMERSLACK = 29, 30  # of prctl(2)


@cache
def wakeup() -> int:
    """In ns, as it mostly is: where a flow was in the way it is longer.

    Measured when it is first asked for, which takes some 50 ms.
    """
    with _punctual():
        return median_low(_lateness() for _ in range(TIMES))


def _lateness() -> int:
    due = monotonic_ns() + round(PAUSE * 1e9)
    sleep(PAUSE)
    return max(0, monotonic_ns() - due)


@contextmanager
def _punctual() -> Iterator[None]:
    """Else a thread without real-time priority sleeps 50 us longer than it asked for."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is None:
        yield
        return
    before = prctl(_GET_TIMERSLACK, 0, 0, 0, 0)
    prctl(_SET_TIMERSLACK, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(_SET_TIMERSLACK, before, 0, 0, 0)

"""Mistakes put into compiled programs are found: the comparison of runs in C++ can fail."""

import pytest
from properties.cpp.runs import RUNTIMES, Binary, Program, StalledError
from properties.faults import CROSSED, CROSSED_SESSIONS, only_own

from flux.backends.cpp import numbers, steps
from flux.graph.locking import Locking

pytestmark = [pytest.mark.usefixtures("flux_cache"), pytest.mark.timeout(400)]

CROWD = [Program(text, seed=1, turns=1000) for text in (CROSSED, CROSSED_SESSIONS)]
ALONE = Program(
    """
    source S => N; S () -> ();
    N = K -> L; K () -> (); L () -> ();
    constraint N:{a, b};
    """,
    seed=1,
    turns=20,
)


def test_crossed_constraints_do_not_stall(tmp_path):
    binary = Binary(tmp_path, CROWD)
    for number in range(len(CROWD)):
        for runtime in RUNTIMES:
            binary.check(number, runtime)


def test_a_run_stalls_when_early_acquisition_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(Locking, "taken", only_own)
    binary = Binary(tmp_path, CROWD)
    for number in range(len(CROWD)):
        for runtime in RUNTIMES:
            with pytest.raises(StalledError, match=r"take a writer(?s:.*)A = A1 -> A2"):
                binary.check(number, runtime, patience=1)


def test_a_run_shows_constraints_taken_in_the_wrong_order(monkeypatch, tmp_path):
    takes = steps._takes
    monkeypatch.setattr(steps, "_takes", lambda *parts: takes(*parts)[::-1])
    with pytest.raises(AssertionError, match=r"take (?s:.*)instead of"):
        Binary(tmp_path, [ALONE]).check(0, "pool")


def test_a_run_shows_a_wrong_path_number(monkeypatch, tmp_path):
    monkeypatch.setattr(numbers, "left", lambda *_parts: "")
    with pytest.raises(AssertionError, match=r"fails(?s:.*)instead of"):
        Binary(tmp_path, [ALONE]).check(0, "pool")

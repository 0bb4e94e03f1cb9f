"""How late idle processors begin, by a clock that only sleeping moves."""

from flux.runtime.profiler import wakeup as measuring

LATE = 60_000


def test_it_is_the_middle_of_how_late_sleepers_are(monkeypatch):
    now, late = 0, [1000 * LATE, *[LATE] * 8, *[0] * 6]

    def sleep(seconds):
        nonlocal now
        now += round(seconds * 1e9) + late.pop()

    monkeypatch.setattr(measuring, "sleep", sleep)
    monkeypatch.setattr(measuring, "monotonic_ns", lambda: now)
    assert measuring.wakeup.__wrapped__() == LATE
    assert not late

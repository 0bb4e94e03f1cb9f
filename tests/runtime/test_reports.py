import pytest

from flux.runtime.reports import MOST_KINDS, Reports


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def reports(clock):
    return Reports(clock)


def fail(reports, times, error=None, place="Work"):
    for _ in range(times):
        reports.failure(place, error or ValueError("bad"))


def test_failure_is_told_with_its_place(reports, caplog):
    fail(reports, 1)
    assert caplog.messages == ["Work: ValueError: bad"]


def test_only_the_first_of_a_kind_has_a_traceback(reports, caplog):
    fail(reports, 2)
    assert [bool(record.exc_info) for record in caplog.records] == [True, False]


def test_burst_is_told_and_the_rest_counted(reports, clock, caplog):
    fail(reports, 12)
    clock.now = 1.0
    fail(reports, 1)
    assert len(caplog.messages) == 6
    assert caplog.messages[-1] == "Work: ValueError: bad (and 7 more like it)"


def test_kinds_are_limited_apart(reports, caplog):
    fail(reports, 12)
    fail(reports, 1, KeyError("key"))
    fail(reports, 1, place="Other")
    assert caplog.messages[-2:] == ["Work: KeyError: 'key'", "Other: ValueError: bad"]


def test_what_was_not_told_is_told_at_the_end(reports, caplog):
    fail(reports, 12)
    reports.flush()
    reports.flush()
    assert caplog.messages[5:] == ["Work: ValueError: 7 more"]


def test_memory_of_kinds_is_bounded(reports):
    for number in range(MOST_KINDS + 10):
        fail(reports, 1, place=f"Work {number}")
    assert len(reports._buckets) == MOST_KINDS + 1

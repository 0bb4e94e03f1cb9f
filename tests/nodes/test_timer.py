import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from flux.nodes.timer import Timer


class Time:
    """A clock that is as late as it is told to be whenever somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.late = 0.0
        self.timer = Timer(10.0, clock=lambda: self.now, wait=self.wait)

    def wait(self, seconds: float) -> None:
        self.now += max(seconds + self.late, 0.5)


@pytest.fixture
def time():
    return Time()


def test_ticks_come_at_equal_intervals_from_the_first_call(time):
    moments = [(time.timer.tick(), time.now) for _ in range(3)]
    assert moments == [(1, 1010.0), (2, 1020.0), (3, 1030.0)]
    assert time.timer.missed == 0


def test_late_tick_does_not_move_the_later_ones(time):
    time.late = 4.0
    assert (time.timer.tick(), time.now) == (1, 1014.0)
    time.late = 0.0
    assert (time.timer.tick(), time.now) == (2, 1020.0)


def test_slow_flow_costs_no_tick_that_was_not_due(time):
    time.timer.tick()
    time.now += 9.0
    assert (time.timer.tick(), time.now) == (2, 1020.0)


def test_missed_ticks_are_counted_and_not_bunched_up(time):
    time.timer.tick()
    time.now += 35.0
    assert (time.timer.tick(), time.now) == (4, 1045.0)
    assert time.timer.missed == 2
    assert (time.timer.tick(), time.now) == (5, 1050.0)
    assert time.timer.missed == 2


def test_wait_that_ends_early_gives_no_early_tick(time):
    time.late = -4.0
    time.timer.tick()
    assert time.now >= 1010.0


def test_closing_ends_a_waiting_tick_and_all_later_ones():
    timer = Timer(1e9)
    asleep = threading.Event()
    wait = timer._wait

    def telling_wait(seconds):
        asleep.set()
        wait(seconds)

    timer._wait = telling_wait
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(timer.tick)
        asleep.wait()
        timer.interrupt()
        assert isinstance(waiting.exception(), StopIteration)
    timer.close()
    assert timer.closed
    with pytest.raises(StopIteration):
        timer.tick()


def test_timer_ticks_by_the_real_clock():
    timer = Timer(0.001)
    numbers = [timer.tick() for _ in range(10)]
    assert numbers == sorted(set(numbers))
    assert timer.missed == numbers[-1] - 10


@pytest.mark.parametrize("interval", [0.0, -1.0, float("nan"), float("inf")])
def test_interval_that_is_not_positive_is_refused(interval):
    with pytest.raises(ValueError, match="must be positive"):
        Timer(interval)

"""Axes: values to places along a line, and the round values at which to mark them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDE = 15
"""From this ratio between the largest and the smallest value on, a logarithm shows both better."""

_STEPS = (1, 2, 5, 10)
_DECADES = 3


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` along a line from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]
    is_log: bool = False

    def place(self, value: float) -> float:
        """Where a value is; what is outside stands at the nearer end."""
        value = min(max(value, self.low), self.high)
        if self.is_log:
            part = log10(value / self.low) / log10(self.high / self.low)
        else:
            part = (value - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)


def fitting(values: Sequence[float], start: float, end: float, ticks: int = 6) -> Scale:
    """A scale on which all of the values, none below zero, can be told apart."""
    positive = [value for value in values if value > 0]
    if positive and max(positive) > WIDE * min(positive):
        return logarithmic(min(positive), max(positive), start, end)
    return linear(max(positive, default=1.0), start, end, ticks)


def linear(high: float, start: float, end: float, ticks: int = 6) -> Scale:
    """From 0 on, in round steps."""
    step = _round_step(high / ticks)
    count = ceil(high / step - 1e-9)
    marks = tuple(step * place for place in range(count + 1))
    return Scale(0.0, marks[-1], start, end, marks)


def logarithmic(low: float, high: float, start: float, end: float) -> Scale:
    """From a round number below to one above, marked at 1, 2 and 5, or at each power of ten."""
    decades = range(floor(log10(low)), ceil(log10(high)) + 1)
    steps = _STEPS[:3] if log10(high / low) <= _DECADES else (1,)
    marks = [step * 10.0**decade for decade in decades for step in steps]
    first = max((mark for mark in marks if mark <= low * (1 + 1e-9)), default=marks[0])
    last = min((mark for mark in marks if mark >= high * (1 - 1e-9)), default=marks[-1])
    shown = tuple(mark for mark in marks if first <= mark <= last)
    return Scale(first, last, start, end, shown, is_log=True)


def _round_step(least: float) -> float:
    """The smallest of 1, 2, 5 and their tenfolds that is no less."""
    power = 10.0 ** floor(log10(least))
    return next(step * power for step in _STEPS if step * power >= least * (1 - 1e-9))

"""Predicted numbers as people read them: a value, and the interval in the same unit."""

from math import isfinite

from flux.profile.units import digits, duration, number
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.quantiles import NANOSECOND

_UNITS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}


def time(seconds: float) -> str:
    """`12.3 ms`."""
    return duration(seconds / NANOSECOND)


def time_within(found: Estimate) -> str:
    """`12.3 ms (11.9 to 12.8)`."""
    text = time(found.value)
    scale = _UNITS[text.split()[1]] if " " in text else 1.0
    return f"{text} ({_ends(found, scale)})"


def rate(per_second: float) -> str:
    """`320/s`."""
    return f"{digits(per_second)}/s"


def rate_within(found: Estimate) -> str:
    """`320/s (318 to 322)`."""
    return f"{rate(found.value)} ({_ends(found, 1.0)})"


def number_within(found: Estimate) -> str:
    """`1.70 (1.68 to 1.72)`."""
    return f"{digits(found.value)} ({_ends(found, 1.0)})"


def part(value: float) -> str:
    """`45.1%`."""
    return f"{_percent(value)}%"


def part_within(found: Estimate) -> str:
    """`45.1% (44.0 to 46.2)`."""
    return f"{part(found.value)} ({_percent(found.low)} to {_percent(found.high)})"


def change(value: float) -> str:
    """`+4.2%`."""
    return f"{100 * value:+.1f}%"


def counted(count: int, word: str) -> str:
    """`1 thread`, `8 threads`."""
    return f"{number(count)} {word}{'' if count == 1 else 's'}"


def _percent(value: float) -> str:
    """With one decimal place, and never `-0.0`."""
    return f"{round(100 * value, 1) + 0:.1f}"


def _ends(found: Estimate, scale: float) -> str:
    low = digits(max(found.low, 0.0) / scale)
    high = digits(found.high / scale) if isfinite(found.high) else "no bound"
    return f"{low} to {high}"

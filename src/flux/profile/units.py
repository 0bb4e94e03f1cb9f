"""Durations, counts and shares as people read them: three digits and a unit."""

_SCALES = ((3600e9, "h", 100 * 60e9), (60e9, "min", 100e9), (1e9, "s", 0.9995e9))
_SMALLER = ((1e6, "ms", 0.9995e6), (1e3, "µs", 999.5), (1, "ns", 0.9995))
_DECIMALS = ((99.95, 0), (9.995, 1), (0.0, 2))  # from which number on, what rounds to 100 is one
_LEAST = 0.005
_MANY = 10_000_000
_THOUSAND = 1000


def duration(nanoseconds: float) -> str:
    """`1.24 ms`, `640 ns`, `3.50 min`; `0` for none."""
    if nanoseconds < 0:
        return f"-{duration(-nanoseconds)}"
    for scale, unit, least in (*_SCALES, *_SMALLER):
        if nanoseconds >= least:
            return f"{digits(nanoseconds / scale)} {unit}"
    return f"{nanoseconds:.2f} ns" if nanoseconds >= _LEAST else "0"


def digits(value: float) -> str:
    """A number with three digits, or more if it is 1,000 or more."""
    if not value:
        return "0"
    decimals = next(places for least, places in _DECIMALS if value >= least)
    return f"{value:,.{decimals}f}"


def number(count: float) -> str:
    """`3,201`; beyond ten million `12.3 M`."""
    for scale, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M")):
        if count >= max(scale, _MANY):
            return f"{digits(count / scale)} {unit}"
    return f"{count:,.0f}"


def rate(count: float, nanoseconds: float) -> str:
    """`320/s`; `-` where no time went by."""
    if not nanoseconds:
        return "-"
    per_second = count * 1e9 / nanoseconds
    return f"{number(per_second) if per_second >= _THOUSAND else digits(per_second)}/s"


def share(part: float, whole: float) -> str:
    """`81.2%`; what is more than nothing never looks like nothing, nor less than all like all."""
    if not whole or not part:
        return "0%" if whole else "-"
    if part == whole:
        return "100%"
    return f"{min(max(100 * part / whole, 0.1), 99.9):.1f}%"


def percent(part: float, whole: float) -> str:
    """A share without a fraction: `81%`."""
    return f"{100 * part / whole:.0f}%" if whole else "-"

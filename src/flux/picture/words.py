"""Numbers for people: times, counts and shares in three or four characters."""

_TIMES = ((1e9, "s"), (1e6, "ms"), (1e3, "µs"))
_COUNTS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def duration(nanoseconds: float) -> str:
    """A time: `1.2 ms`, `31 µs`."""
    for size, unit in _TIMES:
        if nanoseconds >= size:
            return f"{_short(nanoseconds / size)} {unit}"
    return f"{nanoseconds:.0f} ns"


def count(number: int) -> str:
    """How many: `812`, `9.1 k`."""
    for size, unit in _COUNTS:
        if number >= size:
            return f"{_short(number / size)} {unit}"
    return str(number)


def share(part: float) -> str:
    """A part of 1: `31 %`, `<1 %`, `0 %`."""
    percent = 100 * part
    return "<1 %" if 0 < percent < 1 else f"{percent:.0f} %"


def rate(part: float) -> str:
    """A small part of 1, more exactly: `0.02 %`."""
    percent = 100 * part
    if not 0 < percent < 10:  # noqa: PLR2004 -- as many digits as tell something
        return f"{percent:.0f} %"
    return f"{percent:.2g} %" if percent >= 0.001 else "<0.001 %"  # noqa: PLR2004


def _short(number: float) -> str:
    return f"{number:.1f}" if number < 10 else f"{number:.0f}"  # noqa: PLR2004

"""Durations as texts, such as `"150us"` and `"0.5s"`; what is written is read back exactly."""

import re
from collections.abc import Iterable
from decimal import Decimal

UNITS = {"ns": -9, "us": -6, "µs": -6, "μs": -6, "ms": -3, "s": 0}
"""Each with its power of ten; the sign for micro and the Greek letter look alike."""

_FORM = re.compile(r"\s*(-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)\s*([^\W\d]*)\s*")
MOST = 1e9
"""Seconds: more is a slip of the pen."""
_MOST_SHOWN = 43
_MOST_LISTED = 16
_SCALES = (("s", 1.0), ("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9))


def seconds(text: str) -> float:
    """The seconds of a text. Raises ValueError with what is wrong with it, and what is right."""
    told, found = quoted(text), _FORM.fullmatch(text)
    if not found:
        raise ValueError(f'{told} is no time: write one such as "150us", "2ms" or "0.5s"')
    number, unit = found.groups()
    if not unit:
        raise ValueError(f'{told} has no unit: write "{shortened(number)}ms", say')
    if unit not in UNITS:
        raise ValueError(
            f"{told} has the unknown unit `{shortened(unit)}`: known are ns, us, ms and s"
        )
    value = float(Decimal(number).scaleb(UNITS[unit]))
    if value < 0:
        raise ValueError(f"{told} is negative: times are 0 or more")
    if value > MOST:
        raise ValueError(f'{told} is too long: the most is "{MOST:.0f}s"')
    return value


def quoted(text: str) -> str:
    """A text in a message, if need be in part."""
    return shortened(f'"{text}"')


def shortened(text: str) -> str:
    """A text as it is, or the beginning of a long one."""
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."


def listed(names: Iterable[str]) -> str:
    """Names in a message, the first of many, and how many more there are."""
    told = list(names)
    more = len(told) - _MOST_LISTED
    rest = [f"and {more} more"] if more > 0 else []
    return ", ".join([*told[:_MOST_LISTED], *rest])


def text_of(value: float) -> str:
    """A time in the largest unit in which it is 1 or more: `2ms`."""
    if not value:
        return "0s"
    unit = next((unit for unit, scale in _SCALES if value >= scale), "ns")
    number = Decimal(repr(value)).scaleb(-UNITS[unit]).normalize()
    return f"{number:f}{unit}"

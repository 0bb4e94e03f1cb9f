"""Time as `poll` takes it."""

import math

_LONGEST = 2**31 - 1  # milliseconds: it knows no more


def milliseconds(seconds: float) -> int:
    """Whole ones, no fewer than asked for, within what `poll` knows: 24 days."""
    return math.ceil(min(seconds * 1000, _LONGEST))

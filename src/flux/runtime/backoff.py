"""How long to wait before trying again what has failed."""

import math

SHORTEST = 0.001
LONGEST = 1.0
DOUBLINGS = 10  # enough to reach the longest, however many failures there are


def delay(failures: int) -> float:
    """The wait after so many failures in a row: it doubles from 1 ms to 1 s."""
    doublings = min(max(failures - 1, 0), DOUBLINGS)
    return min(math.ldexp(SHORTEST, doublings), LONGEST)

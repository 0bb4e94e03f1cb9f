"""How processor time falls as load rises.

A busy server needs less processor time for a flow than one that is idle most of the time: caches
and branch predictors are warm, and threads that have flows wake up less often. It is taken that the
logarithm of processor time is linear in which part of the processors is in use, as far as that is
known, and constant beyond; and that it depends on that part whatever the number of processors is.
`benchmarks/README.md` has what that is worth.
"""

from dataclasses import dataclass
from math import exp

_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Warming:
    """What is known of one server: a `slope`, which is negative, within a standard error.

    Processor times are those with the part `at` of the processors in use; `low` to `high` is where
    the slope is known.
    """

    slope: float
    error: float
    at: float
    low: float
    high: float

    def factor(self, use: float) -> float:
        """By what processor times are to be multiplied, with such a part in use."""
        return exp(self.slope * (min(max(use, self.low), self.high) - self.at))

    def use(self, needed: float) -> float:
        """Which part is in use if flows need such a part with processor times as they are.

        At most 1: what is in use depends on processor times, and these on what is in use, so it
        lies where both meet.
        """
        low, high = 0.0, 1.0
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            if needed * self.factor(middle) > middle:
                low = middle
            else:
                high = middle
        return high

"""When a worker that has died is replaced: soon, then later and later, and not for ever."""

FIRST_DELAY = 0.1
LONGEST_DELAY = 2.0
STEADY = 10.0  # seconds of service after which a worker's death says nothing of the next one
MOST = 10  # replacements in a row of workers that didn't serve so long


class Restarts:
    """The deaths of one worker and of those that took its place."""

    def __init__(self) -> None:
        self._failures = 0

    def delay(self, served: float) -> float | None:
        """Seconds until the next one starts, when one has died that served so long; None is never.

        The first is replaced at once.
        """
        self._failures = 1 if served >= STEADY else self._failures + 1
        if self._failures > MOST:
            return None
        if self._failures == 1:
            return 0.0
        return min(FIRST_DELAY * 2.0 ** (self._failures - 2), LONGEST_DELAY)

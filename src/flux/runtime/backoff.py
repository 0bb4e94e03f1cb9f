"""How long to wait before trying again."""

SHORTEST = 0.001
LONGEST = 1.0


class BackOff:
    """Waits that double from 1 ms to 1 s while failures follow each other."""

    __slots__ = ("_next",)

    def __init__(self) -> None:
        self._next = SHORTEST

    def failed(self) -> float:
        """How long to wait after one more failure."""
        delay, self._next = self._next, min(2 * self._next, LONGEST)
        return delay

    def reset(self) -> None:
        """The next failure will be a first one."""
        self._next = SHORTEST

"""Errors that no handler took, told to the log of `flux`, but not a thousand times a second.

Each kind of error (a place in the program and an exception type) has a bucket of tokens: a few
are told at once, then one a second, with the number of those in between. The first of its kind
comes with its traceback.
"""

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging

BURST = 5.0
PER_SECOND = 1.0
MOST_KINDS = 1000


class _Bucket:
    """What may still be told of one kind of error, and what was not."""

    __slots__ = ("filled", "suppressed", "tokens", "told")

    def __init__(self, now: float) -> None:
        self.tokens = BURST
        self.filled = now
        self.suppressed = 0
        self.told = False

    def take(self, now: float) -> bool:
        """Whether one more may be told now."""
        self.tokens = min(BURST, self.tokens + (now - self.filled) * PER_SECOND)
        self.filled = now
        if self.tokens < 1:
            self.suppressed += 1
            return False
        self.tokens -= 1
        return True


class Reports:
    """The log of failures, a bounded number of lines a second for each kind."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self._lock = threading.Lock()

    def failure(self, place: str, error: BaseException) -> None:
        """Tell of an error at a place of the program."""
        now = self._clock()
        with self._lock:
            bucket = self._bucket(place, type(error).__name__, now)
            if not bucket.take(now):
                return
            first, bucket.told = not bucket.told, True
            more, bucket.suppressed = bucket.suppressed, 0
        _tell(place, error, more, with_traceback=first)

    def flush(self) -> None:
        """Tell the numbers that are still untold."""
        with self._lock:
            untold = [(kind, bucket) for kind, bucket in self._buckets.items() if bucket.suppressed]
        for (place, kind), bucket in untold:
            _log().error("%s: %s: %d more", place, kind, bucket.suppressed)
            bucket.suppressed = 0

    def _bucket(self, place: str, kind: str, now: float) -> _Bucket:
        key = (place, kind)
        if key not in self._buckets and len(self._buckets) >= MOST_KINDS:
            key = ("other places", "errors")
        return self._buckets.setdefault(key, _Bucket(now))


def _tell(place: str, error: BaseException, more: int, *, with_traceback: bool) -> None:
    suffix = f" (and {more} more like it)" if more else ""
    _log().error(
        "%s: %s: %s%s",
        place,
        type(error).__name__,
        error,
        suffix,
        exc_info=error if with_traceback else None,
    )


def _log() -> "logging.Logger":
    import logging  # noqa: PLC0415 - a fifth of the runtime's start, and only for errors

    return logging.getLogger("flux")

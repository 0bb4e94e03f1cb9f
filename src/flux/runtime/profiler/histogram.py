"""Durations, counted into the buckets of docs/profile.md.

They wait as floats of 32 bits until there are many. The leading bits of a float are the exponent of
2 and the digits after the first one; these are all that a bucket depends on. So the buckets of many
are found at once, by shifting all of them as one large number, and counted as bytes, for Python
counts and sorts anything else more slowly. Such floats hold whole numbers exactly below 2^24;
durations beyond, 17 ms, are counted one by one. `flux.profile.histogram` reads what this writes.
"""

import struct
import sys
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from flux.runtime.profiler.buckets import DIGITS, PER_OCTAVE, bucket_of

ENOUGH = 2048
EXACT = 2**24

FLOAT = 4
SHIFT = 23 - (DIGITS - 1)
"""A float has a sign, 8 bits of the exponent, and 23 digits after the first one."""
KEY = 2 ** (32 - SHIFT) - 1
BYTE = 256
HALF = 4 * PER_OCTAVE
STRAYS = 16
"""Of how many keys one may be a stray, which takes as long as ten others."""


def _key_of(value: int) -> int:
    """The leading bits of the float that is a value."""
    return int.from_bytes(struct.pack(">f", value), "big") >> SHIFT


SMALL = {_key_of(value): value for value in range(PER_OCTAVE)}
BEFORE = _key_of(PER_OCTAVE) - PER_OCTAVE
"""From there on, leading bits count up as buckets do."""
OCTAVES = range(_key_of(1) // BYTE, (_key_of(EXACT) + HALF) // BYTE + 1)
"""The high bytes that keys may have, other than that of 0."""


class Reading(NamedTuple):
    """A histogram at one time: how many durations, their sum, the longest, and the buckets."""

    size: int
    total: int
    max: int
    buckets: dict[int, int]


class Histogram:
    """Durations in ns that may still grow in number."""

    __slots__ = ("_waiting", "_weight", "buckets", "count", "max", "total")

    def __init__(self) -> None:
        self.count = self.total = self.max = 0
        self.buckets: dict[int, int] = {}
        self._waiting = bytearray()
        self._weight = 1

    def add(self, durations: list[int], weight: int = 1) -> None:
        """Count durations so many times each, sooner or later."""
        if weight != self._weight:
            self.fold()
            self._weight = weight
        total = sum(durations)
        self.count += len(durations) * weight
        self.total += total * weight
        if total >= EXACT:
            durations = self._add_long(durations)
        self._waiting += struct.pack(f"{len(durations)}f", *durations)
        if len(self._waiting) >= ENOUGH * FLOAT:
            self.fold()

    def fold(self) -> None:
        """Count those that wait."""
        if self._waiting:
            waiting, self._waiting = self._waiting, bytearray()
            buckets = _counted(waiting)
            if max(buckets) >= bucket_of(self.max):
                self.max = max(self.max, int(max(memoryview(waiting).cast("f"))))
            self._add_weighty(buckets)

    def add_zeros(self, size: int) -> None:
        """Count so many times nothing."""
        self.count += size
        self._add_buckets({0: size})

    def read(self) -> Reading:
        """What it has come to."""
        self.fold()
        return Reading(self.count, self.total, self.max, self.buckets.copy())

    def _add_long(self, durations: list[int]) -> list[int]:
        """Count the long ones; give those that remain."""
        long = [duration for duration in durations if duration >= EXACT]
        if not long:
            return durations
        self.max = max(self.max, *long)
        self._add_weighty(Counter(map(bucket_of, long)))
        return [duration for duration in durations if duration < EXACT]

    def _add_weighty(self, buckets: dict[int, int]) -> None:
        weight = self._weight
        self._add_buckets({bucket: count * weight for bucket, count in buckets.items()})

    def _add_buckets(self, buckets: dict[int, int]) -> None:
        for bucket, count in buckets.items():
            self.buckets[bucket] = self.buckets.get(bucket, 0) + count


def _counted(floats: bytearray) -> dict[int, int]:
    """How many floats are in each bucket."""
    size = len(floats) // FLOAT
    keys = int.from_bytes(floats, sys.byteorder) >> SHIFT & _repeated(KEY, size)
    counts = _counted_keys(keys, size)
    return {SMALL.get(key, key - BEFORE): count for key, count in counts.items() if count}


def _counted_keys(keys: int, size: int) -> dict[int, int]:
    """How often each key is there: the low bytes count, if almost all others are the same.

    Those are the same for 8 octaves of values, or if need be for the 8 that begin 4 further on.
    """
    for offset in (0, HALF):
        data = (keys + _repeated(offset, size)).to_bytes(size * FLOAT, "little")
        low, high = data[::FLOAT], data[1::FLOAT]
        usual = max(OCTAVES, key=high.count)
        if high.count(usual) >= size - size // STRAYS:
            first = usual * BYTE - offset
            counts = {first + byte: count for byte, count in _counted_bytes(low)}
            for byte, key in _strays(low, high, usual):
                counts[first + byte] -= 1
                counts[key - offset] = counts.get(key - offset, 0) + 1
            return counts
    return Counter(memoryview(keys.to_bytes(size * FLOAT, sys.byteorder)).cast("I").tolist())


def _counted_bytes(data: bytes) -> Iterator[tuple[int, int]]:
    """How often each byte is there, found by taking all of its kind out at once."""
    while data:
        first = data[:1]
        rest = data.replace(first, b"")
        yield first[0], len(data) - len(rest)
        data = rest


def _strays(low: bytes, high: bytes, usual: int) -> Iterator[tuple[int, int]]:
    """The low bytes of keys whose high byte is another, and these keys."""
    rest = high
    while rest := rest.lstrip(bytes([usual])):
        byte = low[-len(rest)]
        yield byte, rest[0] * BYTE + byte
        rest = rest[1:]


@lru_cache(maxsize=16)
def _repeated(value: int, size: int) -> int:
    """A number in which a value stands in place of each float."""
    return int.from_bytes(value.to_bytes(FLOAT, "little") * size, "little")

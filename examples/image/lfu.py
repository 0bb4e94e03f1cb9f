"""A cache of bounded weight that gives up what is used least often.

Theory. Every entry has a frequency: how often it was put or got. Entries of one frequency
share a `_Rank`; the ranks form a list in rising order of frequency, and within a rank the
entries stand in the order in which they came there:

    ends <-> 1: {d, e} <-> 2: {b} <-> 7: {a, c} <-> ends

A use moves an entry to the end of the next rank, which is made if it is missing; so the first
entry of the first rank is the one used least often, and of those the least recently. A rank
that has lost its last entry leaves the list. Both steps touch a rank and its neighbours only:
get, put and each eviction take constant time. (Shah, Mitra, Matani: "An O(1) algorithm for
implementing the LFU cache eviction scheme", 2010.)

Invariants: no rank in the list is empty; frequencies rise; `weight` is the sum of the entries'
weights and never above `bound`.

A rank is an OrderedDict, for to find the first key of a plain dict Python passes over all that
were deleted before it.

The cache has no lock of its own: the Flux program says which nodes may not run together.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True, eq=False)
class _Rank(Generic[K]):
    """The keys of one frequency, the least recently used first."""

    frequency: int
    keys: OrderedDict[K, None] = field(default_factory=OrderedDict)
    lower: "_Rank[K]" = field(init=False)
    higher: "_Rank[K]" = field(init=False)

    def __post_init__(self) -> None:
        self.lower = self.higher = self

    def insert_above(self, lower: "_Rank[K]") -> None:
        """Enter the list right above another rank."""
        self.lower, self.higher = lower, lower.higher
        self.lower.higher = self.higher.lower = self

    def unlink(self) -> None:
        """Leave the list."""
        self.lower.higher, self.higher.lower = self.higher, self.lower


@dataclass(slots=True, eq=False)
class _Entry(Generic[K, V]):
    """A value, what it weighs, and the rank it stands in."""

    value: V
    weight: int
    rank: _Rank[K]


class LeastFrequentlyUsed(Generic[K, V]):
    """Values by key, as many as weigh no more than `bound` together."""

    def __init__(self, bound: int = 0) -> None:
        self.bound = bound
        self.weight = 0
        self._entries: dict[K, _Entry[K, V]] = {}
        self._ends: _Rank[K] = _Rank(frequency=0)

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: K) -> V | None:
        """The value of a key, if it is here; this is a use of it."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._rise(key, entry)
        return entry.value

    def put(self, key: K, value: V, weight: int) -> None:
        """Keep a value, for the first time: what was there under its key is forgotten.

        A value heavier than the whole bound is not kept.
        """
        self.discard(key)
        if weight > self.bound:
            return
        while self.weight + weight > self.bound:
            self.discard(next(iter(self._ends.higher.keys)))
        self._entries[key] = _Entry(value, weight, self._enter(key, above=self._ends))
        self.weight += weight

    def discard(self, key: K) -> None:
        """Forget a key, if it is here."""
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._leave(key, entry.rank)
            self.weight -= entry.weight

    def _rise(self, key: K, entry: _Entry[K, V]) -> None:
        left = entry.rank
        entry.rank = self._enter(key, above=left)
        self._leave(key, left)

    def _enter(self, key: K, above: _Rank[K]) -> _Rank[K]:
        """Put a key last into the rank of the next frequency above another."""
        rank = above.higher
        if rank.frequency != above.frequency + 1:  # the ends, of frequency 0, never fit
            rank = _Rank(above.frequency + 1)
            rank.insert_above(above)
        rank.keys[key] = None
        return rank

    def _leave(self, key: K, rank: _Rank[K]) -> None:
        """Take a key out of its rank, and the rank out of the list when it was the last."""
        del rank.keys[key]
        if not rank.keys:
            rank.unlink()

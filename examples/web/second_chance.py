"""A cache of bounded weight in which readers disturb nobody.

Theory. Entries stand in a queue in the order in which they came. A use only marks an entry, so
that many readers may look something up at once. Who needs room takes the first entry of the queue:
if it is marked, it loses its mark and goes to the end, else it is dropped. What is asked for
between two passes of the queue so stays: nearly the least recently used goes first (CLOCK:
Corbató, "A paging experiment with the Multics system", 1968).

The cache has no lock of its own: the Flux program says that `get` is a reader's, `put` a writer's.
"""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(slots=True, eq=False)
class _Entry(Generic[V]):
    value: V
    weight: int
    used: bool


class SecondChance(Generic[V]):
    """Values by name, as many as weigh no more than `bound` together."""

    def __init__(self, bound: int = 0) -> None:
        self.bound = bound
        self.weight = 0
        self._entries: OrderedDict[str, _Entry[V]] = OrderedDict()

    def get(self, key: str) -> V | None:
        """The value of a key, if it is here; this is a use of it."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        entry.used = True
        return entry.value

    def put(self, key: str, value: V, weight: int) -> None:
        """Keep a value instead of what was there; one heavier than the bound is not kept."""
        old = self._entries.pop(key, None)
        if old is not None:
            self.weight -= old.weight
        if weight > self.bound:
            return
        while self.weight + weight > self.bound:
            self._make_room()
        self._entries[key] = _Entry(value, weight, used=old is not None)
        self.weight += weight

    def _make_room(self) -> None:
        key, entry = next(iter(self._entries.items()))
        if entry.used:
            entry.used = False
            self._entries.move_to_end(key)
        else:
            del self._entries[key]
            self.weight -= entry.weight

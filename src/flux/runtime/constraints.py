"""The constraints of a program, as the locks of this process.

A constraint is one lock, whoever names it and in whatever mode.
"""

from typing import Any, TypeVar

from flux.runtime.locks import Pair, ReaderWriterLock
from flux.runtime.nodes import Observe
from flux.runtime.sessions import SessionLocks, SessionPair

_Pair = TypeVar("_Pair", Pair, SessionPair)


class Constraints:
    """Gives out (acquire, release) by the names of the program's constraints."""

    def __init__(self, observe: Observe | None = None) -> None:
        self._observe = observe
        self._observed: dict[tuple[str, str], Any] = {}
        self._locks: dict[str, ReaderWriterLock] = {}
        self.sessions: dict[str, SessionLocks] = {}

    def reader(self, name: str) -> Pair:
        """Share a constraint with other readers."""
        return self._once("reader", name, self._lock(name).reader)

    def writer(self, name: str) -> Pair:
        """Have a constraint alone."""
        return self._once("writer", name, self._lock(name).writer)

    def session_reader(self, name: str) -> SessionPair:
        """Share a constraint with other readers of the same session."""
        return self._once("session_reader", name, self._session_locks(name).reader)

    def session_writer(self, name: str) -> SessionPair:
        """Have a constraint alone within a session."""
        return self._once("session_writer", name, self._session_locks(name).writer)

    def _once(self, kind: str, name: str, pair: _Pair) -> _Pair:
        """What an observer makes of a pair; who asks again gets the same."""
        if self._observe is None:
            return pair
        if (kind, name) not in self._observed:
            self._observed[kind, name] = self._observe(kind, name, pair)
        observed: _Pair = self._observed[kind, name]
        return observed

    def _lock(self, name: str) -> ReaderWriterLock:
        return self._locks.setdefault(name, ReaderWriterLock())

    def _session_locks(self, name: str) -> SessionLocks:
        return self.sessions.setdefault(name, SessionLocks())

"""The constraints of a program, as the locks of this process.

A constraint is one lock, whoever names it and in whatever mode.
"""

from flux.runtime.locks import Pair, ReaderWriterLock
from flux.runtime.nodes import Observe
from flux.runtime.sessions import SessionLocks, SessionPair


class Constraints:
    """Gives out (acquire, release) by the names of the program's constraints."""

    def __init__(self, observe: Observe | None = None) -> None:
        self._observe = observe
        self._locks: dict[str, ReaderWriterLock] = {}
        self.sessions: dict[str, SessionLocks] = {}

    def reader(self, name: str) -> Pair:
        """Share a constraint with other readers."""
        pair = self._lock(name).reader
        return self._observe("reader", name, pair) if self._observe else pair

    def writer(self, name: str) -> Pair:
        """Have a constraint alone."""
        pair = self._lock(name).writer
        return self._observe("writer", name, pair) if self._observe else pair

    def session_reader(self, name: str) -> SessionPair:
        """Share a constraint with other readers of the same session."""
        pair = self._session_locks(name).reader
        return self._observe("session_reader", name, pair) if self._observe else pair

    def session_writer(self, name: str) -> SessionPair:
        """Have a constraint alone within a session."""
        pair = self._session_locks(name).writer
        return self._observe("session_writer", name, pair) if self._observe else pair

    def _lock(self, name: str) -> ReaderWriterLock:
        return self._locks.setdefault(name, ReaderWriterLock())

    def _session_locks(self, name: str) -> SessionLocks:
        return self.sessions.setdefault(name, SessionLocks())

"""One reader/writer lock a session, which lives only while a flow holds or awaits it.

`users` counts the flows that do. The last one out removes the lock, so a server that has seen
a million sessions remembers those of the flows in flight. The registry's own lock is held for
a few instructions only, never while somebody waits for a session. A few idle locks are kept for
the next sessions: making one takes longer than using it.
"""

import threading
from collections import deque
from collections.abc import Callable, Hashable

from flux.runtime.locks import ReaderWriterLock

SessionPair = tuple[Callable[[Hashable], None], Callable[[Hashable], None]]
"""Acquire and release, which are told the session."""

SPARE = 32


class _SessionLock:
    """The lock of one session, and how many flows hold or await it."""

    __slots__ = ("lock", "users")

    def __init__(self) -> None:
        self.lock = ReaderWriterLock()
        self.users = 0


class SessionLocks:
    """A session constraint: `reader` and `writer` are its pairs of acquire and release."""

    __slots__ = ("_guard", "_spare", "live", "reader", "writer")

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self.live: dict[Hashable, _SessionLock] = {}
        self._spare: deque[_SessionLock] = deque(maxlen=SPARE)
        self.reader: SessionPair = (self._acquire_reader, self._release_reader)
        self.writer: SessionPair = (self._acquire_writer, self._release_writer)

    def _acquire_reader(self, session: Hashable) -> None:
        self._join(session).reader[0]()

    def _release_reader(self, session: Hashable) -> None:
        self.live[session].lock.reader[1]()
        self._leave(session)

    def _acquire_writer(self, session: Hashable) -> None:
        self._join(session).writer[0]()

    def _release_writer(self, session: Hashable) -> None:
        self.live[session].lock.writer[1]()
        self._leave(session)

    def _join(self, session: Hashable) -> ReaderWriterLock:
        with self._guard:
            entry = self.live.get(session)
            if entry is None:
                entry = self._spare.pop() if self._spare else _SessionLock()
                self.live[session] = entry
            entry.users += 1
        return entry.lock

    def _leave(self, session: Hashable) -> None:
        with self._guard:
            entry = self.live[session]
            entry.users -= 1
            if not entry.users:
                self._spare.append(self.live.pop(session))

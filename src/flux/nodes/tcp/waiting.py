"""Connections that wait, in the order in which their patience ends."""

import math
from collections import OrderedDict

from flux.nodes.tcp.connection import Connection


class WaitingRoom:
    """Connections that all wait equally long, so that who came first is given up first.

    That makes every step O(1). (A plain dict would be slow here: finding its first entry passes
    over all that were deleted before it.)
    """

    def __init__(self) -> None:
        self._entries: OrderedDict[int, tuple[float, Connection]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def enter(self, connection: Connection, deadline: float) -> None:
        """Let a connection wait; its deadline is no earlier than those of the others."""
        self._entries[connection.descriptor] = deadline, connection

    def find(self, descriptor: int) -> Connection | None:
        """The waiting connection with this descriptor."""
        _, connection = self._entries.get(descriptor, (0.0, None))
        return connection

    def leave(self, descriptor: int) -> Connection | None:
        """Take a connection out."""
        _, connection = self._entries.pop(descriptor, (0.0, None))
        return connection

    def next_deadline(self) -> float:
        """When the first one's patience ends; infinity if nobody waits."""
        for deadline, _ in self._entries.values():
            return deadline
        return math.inf

    def leave_first(self) -> Connection | None:
        """Take out the connection that has waited longest."""
        if not self._entries:
            return None
        _, (_, connection) = self._entries.popitem(last=False)
        return connection

    def leave_expired(self, now: float) -> list[Connection]:
        """Take out all whose patience has ended."""
        expired = []
        while self.next_deadline() <= now:
            _, (_, connection) = self._entries.popitem(last=False)
            expired.append(connection)
        return expired

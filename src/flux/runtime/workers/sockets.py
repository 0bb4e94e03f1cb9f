"""The sockets that workers listen on: one for each worker and address, kept open by the parent.

A worker that takes another's place asks for the same in the same order, and gets the same. One that
asks for any free port gets the port that the others have: the first such address that a worker asks
for is the first of all, the second the second.

Datagrams are nobody's who waits: their sockets aren't kept, only their addresses.
"""

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any, NamedTuple


class Wish(NamedTuple):
    """What a worker asks for; `address` is as the system has it: (host, port) or more."""

    family: int
    kind: int
    address: tuple[Any, ...]
    backlog: int


class Place:
    """An address at which workers listen, and the sockets there by worker and number."""

    def __init__(self) -> None:
        self.address: tuple[Any, ...] = ()
        self.sockets: dict[tuple[int, int], socket.socket] = {}


class Sockets:
    """All sockets that were lent."""

    def __init__(self) -> None:
        self._places: dict[tuple[Any, ...], Place] = {}
        self._asked: dict[int, Counter[object]] = {}
        self._keeps = True

    def begin(self, worker: int) -> None:
        """A worker begins: its next wish is its first."""
        self._asked[worker] = Counter()

    @contextmanager
    def lent(self, worker: int, wish: Wish) -> Iterator[socket.socket]:
        """The socket of a worker for its next wish. Raises OSError if there can't be one."""
        place = self._place(worker, wish)
        key = worker, self._count(worker, id(place))
        if key not in place.sockets:
            place.sockets[key] = _shared(wish, place.address)
        try:
            yield place.sockets[key]
        finally:
            if not self._keeps or wish.kind != socket.SOCK_STREAM:
                place.sockets.pop(key).close()

    def release(self, worker: int) -> None:
        """Close what a worker had that has ended for good."""
        for place in self._places.values():
            for key in [key for key in place.sockets if key[0] == worker]:
                place.sockets.pop(key).close()

    def close(self) -> None:
        """Close all, and keep none from now on: workers that have them go on."""
        self._keeps = False
        for worker in self._asked:
            self.release(worker)

    def _place(self, worker: int, wish: Wish) -> Place:
        """Where a worker wants to listen; found to be free, or chosen, at the first such wish."""
        named = (wish.family, wish.kind, *wish.address)
        key = named if wish.address[1] else (*named, self._count(worker, named))
        if key not in self._places:
            place = self._new_place(worker, wish)
            self._places[key] = self._places[wish.family, wish.kind, *place.address] = place
        return self._places[key]

    def _new_place(self, worker: int, wish: Wish) -> Place:
        """An address that nobody else has, though others might share theirs."""
        place = Place()
        if wish.kind == socket.SOCK_STREAM and not wish.address[1]:
            made = place.sockets[worker, 0] = _shared(wish, wish.address)
            place.address = made.getsockname()
        else:
            with closing(_socket(wish)) as alone:
                alone.bind(wish.address)
                place.address = alone.getsockname()
        return place

    def _count(self, worker: int, what: object) -> int:
        """How often a worker has asked for this before."""
        asked = self._asked[worker]
        asked[what] += 1
        return asked[what] - 1


def _shared(wish: Wish, address: tuple[Any, ...]) -> socket.socket:
    """A socket that shares its address with others."""
    made = _socket(wish)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind(address)
        if wish.kind == socket.SOCK_STREAM:
            made.listen(wish.backlog)
    except BaseException:
        made.close()
        raise
    return made


def _socket(wish: Wish) -> socket.socket:
    made = socket.socket(wish.family, wish.kind)
    if wish.kind == socket.SOCK_STREAM:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if wish.family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return made

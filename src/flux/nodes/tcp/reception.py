"""Where connections arrive, wait, are called, and leave.

Theory of operation. A connection is always in one place: *idle*, armed in the poller, until its
client speaks; *ready*, its client has spoken; *in use* by a flow, unknown to the poller;
*lingering*, closed by its flow, until the client has finished too; or gone. So a connection that
waits for its client costs neither a flow nor a thread.

    accept -> idle -> ready -> (call) in use -> (keep) idle, or ready if it holds more
                                             -> (close) lingering -> gone
                                             -> (abort, dropped) gone

All work is done inside `call`, by the thread of the source; other threads only move a connection
from one place to another, under `_lock`, and arm it. While the source waits for a place for its
flow, nothing is accepted and nothing expires: the kernel's backlog holds new clients back.

Behind a veil (TLS) what comes on the wire may be a farewell that only the veil understands: so it
is asked whenever its client has spoken, without waiting. Handshakes are the flows' own work.

Time-outs need no ticking: the wait ends at the earliest deadline. Who adds an earlier one wakes the
wait. `keep` never has to: as long as there are connections, the wait is no longer than the idle
time-out, and one kept now is due after it.

`_turn` is held by whoever is inside `call`. `close` may come at any time, from any thread: it marks
the reception closed; then whoever can take `_turn` tears it down, the closer, or the one inside on
his way out. So nothing is closed under a running `call`.

`finish` is for a server that stops without losing a request. The door is closed behind those who
stand in it, then everyone goes who is idle and hasn't spoken. Connections in use may come back
until there are none; those whose clients have spoken are called, the others closed.

Too many connections: above `max_connections` the one that has waited longest makes room for the
new one; if none waits, the new one is closed.
"""

import math
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from flux.nodes.tcp.connection import ClientSocket, Connection, Home, Veil
from flux.nodes.tcp.entrance import Entrance, Peer
from flux.nodes.tcp.patience import Patience
from flux.nodes.tcp.polling import Poller
from flux.nodes.tcp.waiting import WaitingRoom

LINGER_SECONDS = 2.0
_AWAKE = -math.inf
_LONGEST_SLEEP = 86_400.0  # seconds: pollers know no more than 24 days
_TICK = 0.01  # how soon the last to leave is noticed, while finishing
_ACCEPTS_IN_A_ROW = 64  # then the ready connections are served first
_HAND_OUTS_IN_A_ROW = 64  # then events are fetched, whoever is ready


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many connections, and how many seconds."""

    connections: int
    idle: float
    call: float
    waiting: int | None = None


class Reception:
    """The connections of one listening socket, each in its place."""

    def __init__(
        self,
        entrance: Entrance,
        poller: Poller,
        bounds: Bounds,
        clock: Callable[[], float],
        veils: Callable[[], Veil] | None = None,
    ) -> None:
        self._veils = veils
        self._entrance = entrance
        self._poller = poller
        self._bounds = bounds
        self._clock = clock
        self._open: set[int] = set()
        patience = None if bounds.waiting is None else Patience(bounds.waiting)
        self._home = Home(self._open, self._linger, clock, bounds.call, patience)
        self._idle = WaitingRoom()
        self._lingering = WaitingRoom()
        self._ready: deque[Connection] = deque()
        self._sleeps_until = _AWAKE
        self._finishing = False
        self._swept = False
        self._torn_down = False
        self._closed = False
        self._lock = threading.RLock()  # a signal handler may close
        self._turn = threading.Lock()
        self._handed_out = 0  # since events were fetched
        poller.watch(entrance.descriptor)

    @property
    def open_count(self) -> int:
        """How many connections there are, in all places."""
        return len(self._open)

    @property
    def idle_count(self) -> int:
        """How many connections wait for their clients."""
        return len(self._idle)

    def call(self) -> Connection:
        """The next ready connection, which is now in use; StopIteration after `close`."""
        try:
            with self._turn:
                while not self._closed:
                    if self._ready and self._handed_out < _HAND_OUTS_IN_A_ROW:
                        self._handed_out += 1
                        connection = self._ready.popleft()
                        connection.drained = False
                        connection.uses += 1
                        return connection
                    if not self._finishing or not self._has_finished():
                        self._gather()
        finally:
            if self._closed:
                self._tear_down()
        raise StopIteration

    def keep(self, connection: Connection) -> None:
        """A connection in use becomes idle, or ready; after `close` it leaves."""
        with self._lock:
            if connection.closed:
                return
            if not (connection.buffer or connection.veil or self._finishing or self._closed):
                self._await(connection)  # most do, and needn't be asked more
                return
            if not self._closed and self._place(connection):
                return
        connection.close()

    def finish(self) -> None:
        """Take no new clients, let the silent go, and end `call` when no connection is in use."""
        with self._lock:
            if not self._closed and not self._finishing:
                self._finishing = True
                self._poller.wake()

    def close(self) -> None:
        """End `call`, and let every connection go that is not in use."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            self._poller.wake()
        self._tear_down()

    # What other threads do, under the lock

    def _place(self, connection: Connection) -> bool:
        """Put a connection where it belongs; false if it must go."""
        if connection.has_veiled_end:
            return False
        if connection.has_unused or (self._finishing and connection.has_input()):
            self._ready.append(connection)
            self._wake_before(self._clock())
        elif not self._finishing:
            self._await(connection)
        else:
            return False
        return True

    def _await(self, connection: Connection) -> None:
        """Leave a connection idle until its client speaks."""
        self._idle.enter(connection, self._clock() + self._bounds.idle)
        self._poller.arm(connection.descriptor, drained=connection.drained)

    def _linger(self, connection: Connection) -> None:
        """A connection in use has been closed by its flow: wait for its client to finish."""
        if connection.drop_input():
            with self._lock:
                if not self._closed:
                    deadline = self._clock() + LINGER_SECONDS
                    self._lingering.enter(connection, deadline)
                    self._poller.arm(connection.descriptor)
                    self._wake_before(deadline)
                    return
        connection.abort()

    def _wake_before(self, deadline: float) -> None:
        if self._sleeps_until > deadline:
            self._poller.wake()

    # What the thread of the source does, inside `call`

    def _gather(self) -> None:
        """Wait for events, and move connections accordingly."""
        self._handed_out = 0
        events = self._poller.wait(self._time_to_sleep())
        self._sleeps_until = _AWAKE
        arrivals = self._hear_all(events)
        self._give_up_expired()
        if arrivals:  # last, for it may raise
            self._accept()

    def _has_finished(self) -> bool:
        """Whether nobody can come any more; closed, then."""
        if not self._swept:
            self._swept = True
            self._sweep()
        with self._lock:
            self._closed = not self._ready and len(self._open) == len(self._lingering)
        return self._closed

    def _sweep(self) -> None:
        """Close the door behind those who stand in it, and let everyone go who hasn't spoken."""
        with suppress(OSError):
            self._accept(self._bounds.connections)
        self._poller.forget(self._entrance.descriptor)
        self._entrance.close()
        while events := self._poller.wait(0.0):
            self._hear_all(events)
        while silent := self._idle.leave_first():
            self._let_go(silent)

    def _time_to_sleep(self) -> float | None:
        """How long to wait for events; None is for ever."""
        with self._lock:
            if self._closed or self._ready:
                return 0.0
            now = self._clock()
            wake_at = min(self._idle.next_deadline(), self._lingering.next_deadline())
            if self._open:
                wake_at = min(wake_at, now + self._bounds.idle)
            if self._finishing:
                wake_at = min(wake_at, now + _TICK)
            self._sleeps_until = wake_at
            return None if wake_at == math.inf else min(max(0.0, wake_at - now), _LONGEST_SLEEP)

    def _hear_all(self, events: list[tuple[int, bool]]) -> bool:
        """Move the connections that events are of; whether new ones have arrived."""
        arrivals = False
        with self._lock:
            for descriptor, may_have_finished in events:
                connection = self._idle.leave(descriptor)
                if connection is None:
                    if descriptor == self._entrance.descriptor:
                        arrivals = True
                    else:
                        self._hear_lingering(descriptor)
                elif (may_have_finished or connection.veil) and connection.has_finished():
                    connection.abort()
                else:
                    self._ready.append(connection)
        return arrivals

    def _hear_lingering(self, descriptor: int) -> None:
        connection = self._lingering.find(descriptor)
        if connection is None:
            return
        if connection.drop_input():
            self._poller.arm(descriptor)
        else:
            with self._lock:
                self._lingering.leave(descriptor)
            connection.abort()

    def _give_up_expired(self) -> None:
        now = self._clock()
        with self._lock:
            expired = self._idle.leave_expired(now) + self._lingering.leave_expired(now)
        for connection in expired:
            self._let_go(connection)

    def _accept(self, most: int = _ACCEPTS_IN_A_ROW) -> None:
        for client, peer in self._entrance.arrivals(most):
            self._admit(client, peer)

    def _admit(self, client: ClientSocket, peer: Peer) -> None:
        if len(self._open) >= self._bounds.connections and not self._make_room():
            client.close()
            return
        veil = None if self._veils is None else self._veils()
        connection = Connection(client, peer, self._home, veil)
        with self._lock:
            self._idle.enter(connection, self._clock() + self._bounds.idle)
            self._poller.arm_first(connection.descriptor)

    def _make_room(self) -> bool:
        """Let go of the connection that has waited longest; whether there was one."""
        with self._lock:
            connection = self._lingering.leave_first() or self._idle.leave_first()
        if connection is None:
            return False
        self._let_go(connection)
        return True

    def _let_go(self, connection: Connection) -> None:
        self._poller.forget(connection.descriptor)
        connection.abort()

    # The end

    def _tear_down(self) -> None:
        """Close everything, unless somebody is inside `call`: he does it on his way out."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            self._close_all()
        finally:
            self._turn.release()

    def _close_all(self) -> None:
        if self._torn_down:
            return
        self._torn_down = True
        with self._lock:  # `close` may be about to wake the poller
            self._entrance.close()
            self._poller.close()
        while connection := self._lingering.leave_first() or self._idle.leave_first():
            connection.abort()
        while self._ready:
            self._ready.popleft().abort()
        self._entrance.give_back()

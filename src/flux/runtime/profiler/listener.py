"""The socket at which a server is asked for its profile, and the threads that serve it.

Sixteen threads serve a client each. A client has until its deadline to ask, and again to take its
answer; then it is heard until it goes, for closing a socket that has unread input would take the
answer back. Where all are taken and another client waits, who says nothing for a moment makes room.

Flows may compute. Who wants Python's lock, as after each call of the system, gets it when it
happens to be the next of all threads that want it, and each of them keeps it for a switch interval,
5 ms. Therefore
- all threads that have no client are woken when one comes, and the first to get the lock has it;
- the interval is shorter while there are clients, but long enough for an answer to be made in one,
  and for switches to other processors to cost little against it;
- the system is called seldom, so time-outs are set as options of the socket: Python's own take a
  call more each time.
"""

import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from flux.runtime.profiler.addresses import opened, removed
from flux.runtime.profiler.answers import Answers
from flux.runtime.profiler.profiler import Profiler
from flux.runtime.profiler.requests import END, MOST_BYTES, RefusedError, admit, parse, response

MOST_CLIENTS = 16
PATIENCE = 5.0
MOMENT = 0.2
BUSY_INTERVAL = 0.001
MOST_TOKEN = 4096


class Listener:
    """Opens the socket at once; serves it once there is a profiler."""

    def __init__(self, address: str, token_file: str | None, patience: float = PATIENCE) -> None:
        """Listen. Raises ValueError or OSError for an address or a token that is of no use."""
        self._token = None if token_file is None else _token(token_file)
        self._socket, self.address = opened(address, guarded=token_file is not None)
        self._socket.setblocking(False)  # noqa: FBT003 - as the library has it
        self._patience = patience
        self._threads: list[threading.Thread] = []
        self._over = False
        self._hurry = Hurry()
        self._answers: Answers | None = None

    def start(self, profiler: Profiler) -> None:
        """Answer what is asked of a profiler."""
        self._answers = Answers(profiler)
        for number in range(1, MOST_CLIENTS + 1):
            name = f"flux profile {number}"
            thread = threading.Thread(target=self._serve, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Accept nobody any more; clients that have asked are answered."""
        if self._over:
            return
        self._over = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(self._patience)
        self._socket.close()
        removed(self.address)

    def _serve(self) -> None:
        """Serve one client after the other."""
        while not self._over:
            select.select([self._socket], [], [])
            with self._hurry, suppress(OSError):  # there may be no client left, or it may go
                connection, _ = self._socket.accept()
                with connection:
                    Conversation(connection, self._patience, self._is_crowded).hold(self._answer)

    def _is_crowded(self) -> bool:
        """Whether somebody is at the door, where nobody serves him."""
        return self._over or bool(select.select([self._socket], [], [], 0)[0])

    def _answer(self, head: bytes) -> bytes:
        try:
            request = parse(head)
            admit(request, self._token)
            return self._answers.to(request) if self._answers else b""
        except RefusedError as refused:
            return refused.response()
        except Exception as error:  # noqa: BLE001 - no question may harm the server
            return response(500, "text/plain", f"{type(error).__name__}: {error}\n")


class Conversation:
    """One request and its answer. Raises OSError where the client or its time is gone."""

    def __init__(
        self, connection: socket.socket, patience: float, is_crowded: Callable[[], bool]
    ) -> None:
        self._connection = connection
        self._patience = patience
        self._is_crowded = is_crowded
        self._deadline = time.monotonic() + patience

    def hold(self, answer: Callable[[bytes], bytes]) -> None:
        """Hear what is asked, answer it, and wait for the client to go."""
        self._send(self._asked(answer))
        self._connection.shutdown(socket.SHUT_WR)
        while self._received():
            pass

    def _asked(self, answer: Callable[[bytes], bytes]) -> bytes:
        """The answer to what the client sends."""
        received = b""
        while END not in received and len(received) <= MOST_BYTES:
            more = self._received()
            if not more:
                raise ConnectionAbortedError
            received += more
        head, end, _ = received.partition(END)
        if not end or len(head) > MOST_BYTES:
            return RefusedError(431, "a request may have 8 KiB").response()
        return answer(head)

    def _received(self) -> bytes:
        """What the client sends next; while others wait for its place, it gets a moment for it."""
        while True:
            self._limit(socket.SO_RCVTIMEO, MOMENT)
            try:
                return self._connection.recv(MOST_BYTES)
            except BlockingIOError:
                if self._is_crowded():
                    raise

    def _send(self, data: bytes) -> None:
        self._deadline = time.monotonic() + self._patience
        rest = memoryview(data)
        while rest:
            self._limit(socket.SO_SNDTIMEO, self._patience)
            rest = rest[self._connection.send(rest) :]

    def _limit(self, option: int, most: float) -> None:
        """Let the next call of the system take no longer than there is time."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        seconds, part = divmod(max(min(left, most), 1e-6), 1)
        timeval = struct.pack("ll", int(seconds), int(part * 1_000_000))
        self._connection.setsockopt(socket.SOL_SOCKET, option, timeval)


class Hurry:
    """While anybody is in here, threads hand Python's lock on sooner."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._usual = sys.getswitchinterval()
        self._inside = 0

    def __enter__(self) -> None:
        with self._guard:
            self._inside += 1
            sys.setswitchinterval(BUSY_INTERVAL)

    def __exit__(self, *_exception: object) -> None:
        with self._guard:
            self._inside -= 1
            if not self._inside:
                sys.setswitchinterval(self._usual)


def _token(path: str) -> bytes:
    """The secret in a file, without the line end."""
    with Path(path).open("rb") as file:
        token = file.read(MOST_TOKEN).strip()
    if not token:
        raise ValueError(f"the token file {path} is empty")
    return token

"""The socket at which a server is asked for its profile, and the threads that serve it.

Nothing here waits for a client: sockets don't block, and each client has until its deadline to ask,
and again to take its answer. Beyond 16 clients nobody is accepted. After an answer the client is
heard until it goes, for closing a socket that has unread input would take the answer back.

One thread would do, if flows didn't compute. But who wants Python's lock, as after each call of the
system, gets it when it happens to be the next of all threads that want it, and each of them keeps
it for a switch interval, 5 ms. So a few threads wait for the same clients, and the first to get the
lock serves them. While there are clients, the interval is much shorter; but an answer is made under
the usual one, for whoever gets the lock before the interval is set keeps it that long.
"""

import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from flux.runtime.profiler.addresses import opened, removed
from flux.runtime.profiler.answers import Answers
from flux.runtime.profiler.profiler import Profiler
from flux.runtime.profiler.requests import END, MOST_BYTES, RefusedError, admit, parse

MOST_CLIENTS = 16
PATIENCE = 5.0
BUSY_INTERVAL = 0.0001
WAITERS = 4
MOST_TOKEN = 4096


class Listener:
    """Opens the socket at once; serves it once there is a profiler."""

    def __init__(self, address: str, token_file: str | None, patience: float = PATIENCE) -> None:
        """Listen. Raises ValueError or OSError for an address or a token that is of no use."""
        self._token = None if token_file is None else _token(token_file)
        self._socket, self.address = opened(address, guarded=token_file is not None)
        self._socket.setblocking(False)  # noqa: FBT003 - as the library has it
        self._patience = patience
        self._waker, self._woken = socket.socketpair()
        self._threads: list[threading.Thread] = []
        self._service: Service | None = None

    def start(self, profiler: Profiler) -> None:
        """Answer what is asked of a profiler."""
        answer = self._answer_with(profiler)
        self._service = service = Service(self._socket, self._woken, answer, self._patience)
        for number in range(1, WAITERS + 1):
            name = f"flux profile {number}"
            thread = threading.Thread(target=service.run, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Hang up."""
        if self._waker.fileno() < 0:
            return
        self._waker.close()
        for thread in self._threads:
            thread.join()
        if self._service is not None:
            self._service.close()
        self._socket.close()
        self._woken.close()
        removed(self.address)

    def _answer_with(self, profiler: Profiler) -> Callable[[bytes], bytes]:
        answers = Answers(profiler)

        def answer(head: bytes) -> bytes:
            try:
                request = parse(head)
                admit(request, self._token)
                return answers.to(request)
            except RefusedError as refused:
                return refused.response()

        return answer


class Client:
    """One connection: what it has sent, what it has still to get, and until when."""

    def __init__(self, connection: socket.socket, deadline: float) -> None:
        self.connection = connection
        self.deadline = deadline
        self.received = b""
        self.answer: memoryview | None = None


class Service:
    """Serves clients until it is woken."""

    def __init__(
        self,
        listener: socket.socket,
        woken: socket.socket,
        answer: Callable[[bytes], bytes],
        patience: float,
    ) -> None:
        self._listener = listener
        self._answer = answer
        self._patience = patience
        self._interval = sys.getswitchinterval()
        self._guard = threading.Lock()
        self._over = False
        self._clients: set[Client] = set()
        self._selector = selectors.DefaultSelector()
        self._selector.register(listener, selectors.EVENT_READ)
        self._selector.register(woken, selectors.EVENT_READ)
        self._woken = woken

    def run(self) -> None:
        """Serve, as one of several threads."""
        while not self._over:
            self._selector.select(self._left())
            with self._guard:
                self._serve()

    def close(self) -> None:
        """Let go of what no thread uses any more."""
        self._selector.close()

    def _serve(self) -> None:
        """Serve whoever is ready, unless another thread has done so."""
        if self._over:
            return
        for key, _ in self._selector.select(0):
            sys.setswitchinterval(BUSY_INTERVAL)
            if key.fileobj is self._woken:
                self._finish()
                return
            if key.fileobj is self._listener:
                self._accept()
            else:
                self._go_on(key.data)
        now = time.monotonic()
        for client in [client for client in self._clients if client.deadline <= now]:
            self._drop(client)
        sys.setswitchinterval(BUSY_INTERVAL if self._clients else self._interval)

    def _finish(self) -> None:
        self._over = True
        for client in list(self._clients):
            self._drop(client)
        sys.setswitchinterval(self._interval)

    def _left(self) -> float | None:
        """How long until the first deadline."""
        first = min((client.deadline for client in list(self._clients)), default=None)
        return None if first is None else max(0.0, first - time.monotonic())

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:  # the client is gone already, or there is no descriptor for it
            return
        connection.setblocking(False)  # noqa: FBT003 - as the library has it
        client = Client(connection, time.monotonic() + self._patience)
        self._clients.add(client)
        self._selector.register(connection, selectors.EVENT_READ, client)
        if len(self._clients) == MOST_CLIENTS:
            self._selector.unregister(self._listener)
        self._go_on(client)

    def _go_on(self, client: Client) -> None:
        """Read or write what can be at the moment."""
        try:
            if client.answer is None:
                self._read(client)
            if client.answer is not None:
                self._write(client, client.answer)
        except BlockingIOError:
            return
        except OSError:
            self._drop(client)

    def _read(self, client: Client) -> None:
        received = client.connection.recv(MOST_BYTES)
        client.received += received
        head, end, _ = client.received.partition(END)
        if end and len(head) <= MOST_BYTES:
            sys.setswitchinterval(self._interval)
            answer = self._answer(head)
            sys.setswitchinterval(BUSY_INTERVAL)
            self._begin_answer(client, answer)
        elif len(client.received) > MOST_BYTES:
            self._begin_answer(client, RefusedError(431, "a request may have 8 KiB").response())
        elif not received:
            raise ConnectionAbortedError

    def _begin_answer(self, client: Client, answer: bytes) -> None:
        client.answer = memoryview(answer)
        client.deadline = time.monotonic() + self._patience
        self._selector.modify(client.connection, selectors.EVENT_WRITE, client)

    def _write(self, client: Client, answer: memoryview) -> None:
        if answer:
            client.answer = answer[client.connection.send(answer) :]
            if not client.answer:
                client.connection.shutdown(socket.SHUT_WR)
                self._selector.modify(client.connection, selectors.EVENT_READ, client)
        elif not client.connection.recv(MOST_BYTES):
            self._drop(client)

    def _drop(self, client: Client) -> None:
        self._selector.unregister(client.connection)
        client.connection.close()
        self._clients.discard(client)
        if len(self._clients) == MOST_CLIENTS - 1:
            self._selector.register(self._listener, selectors.EVENT_READ)


def _token(path: str) -> bytes:
    """The secret in a file, without the line end."""
    with Path(path).open("rb") as file:
        token = file.read(MOST_TOKEN).strip()
    if not token:
        raise ValueError(f"the token file {path} is empty")
    return token

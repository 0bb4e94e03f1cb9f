"""A FastCGI server, the connections to it that are kept, and what it is asked on them.

A connection that is kept holds a process of PHP, whether anybody asks it something or not. There
may be few of them, or just one: a new connection would then wait until a kept one is closed. So
while any waits for its first answer, connections are closed after use.

No lock is needed: each step on what flows share is one that the interpreter makes whole.
"""

import logging
import math
import select
import socket
import time
from collections import deque
from contextlib import suppress

from fastcgi import BrokenOffError, FastCgiError, Output, SlowError, begin, encode, part_of_body
from runner import Asked, Upload, uploaded

_CHUNK = 64 * 1024  # bytes

_logger = logging.getLogger("web")


class Backend:
    """A server at `host:port`, or at the path of a socket.

    It may be silent for `timeout` seconds; at most `most_kept` connections to it are kept.
    """

    def __init__(self, address: str, timeout: float, most_kept: int) -> None:
        self.timeout = timeout
        self._address = address
        self._kept: deque[socket.socket] = deque(maxlen=most_kept)
        self._waiting: set[object] = set()

    def start(self, name: str, asked: Asked) -> "Run":
        """Ask for a script, and wait for the first word; FastCgiError, and what the upload raises.

        Where a kept connection turns out to have ended, a request that may be repeated has another.
        One whose body is left to be uploaded can't be repeated, and has a new one.
        """
        upload = asked.upload
        request = begin(asked.parameters) if upload else encode(asked.parameters, asked.body)
        server = None if upload else self._take()
        if server is not None:
            try:
                return Run(self, name, server, request).begun()
            except BrokenOffError:
                if not asked.may_repeat:
                    raise
        return self._start_anew(name, request, upload)

    def keep(self, server: socket.socket) -> None:
        """Take back a connection on which nothing is asked any more."""
        self._kept.append(server)
        if self._waiting:
            self._drop_one()

    def _take(self) -> socket.socket | None:
        """A kept connection; one on which the server has said something has ended, most likely."""
        with suppress(IndexError):
            while True:
                server = self._kept.pop()
                if not _is_readable(server):
                    return server
                server.close()
        return None

    def _start_anew(self, name: str, request: bytes, upload: Upload | None) -> "Run":
        mark = object()
        self._waiting.add(mark)
        try:
            self._drop_one()  # it may have been given back before the mark was there
            server = _connect(self._address, self.timeout)
            return Run(self, name, server, request, upload).begun()
        finally:
            self._waiting.discard(mark)

    def _drop_one(self) -> None:
        with suppress(IndexError):
            self._kept.pop().close()


class Run:
    """A script at work. It may answer before it has read everything, and the other way round.

    The server may be silent for the backend's time, which begins anew with what the client says.
    """

    def __init__(
        self,
        backend: Backend,
        name: str,
        server: socket.socket,
        request: bytes,
        upload: Upload | None = None,
    ) -> None:
        self._upload = upload
        self._deadline = 0.0
        self._backend = backend
        self._name = name
        self._server = server
        self._unsent = memoryview(request)
        self._output = Output()
        self._is_open = True

    @property
    def is_over(self) -> bool:
        """Whether all has come that will come."""
        return self._output.is_over

    def begun(self) -> "Run":
        """Itself, once the server has said something."""
        self._be_patient()
        while not self._advance():
            pass
        return self

    def read(self) -> bytes:
        """The next bytes, empty at the end; FastCgiError, and what the upload raises."""
        self._be_patient()
        while not (text := self._output.take()) and not self.is_over:
            self._advance()
        if self.is_over:
            self.close()
        return text

    def close(self) -> None:
        """Have nothing more to do with it, and tell what it has complained of."""
        if not self._is_open:
            return
        self._is_open = False
        if self._output.is_clean and not self._unsent and self._upload is None:
            self._backend.keep(self._server)
        else:
            self._server.close()
        if self._output.complaints:
            _logger.warning("%s says: %r", self._name, bytes(self._output.complaints))

    def _be_patient(self) -> None:
        self._deadline = time.monotonic() + self._backend.timeout

    def _advance(self) -> bool:
        """Send and receive what goes; whether something has come."""
        if self._upload is not None and not self._unsent:
            self._refill(self._upload)
        try:
            return self._exchange()
        except OSError as error:
            self.close()
            raise BrokenOffError(error.strerror or str(error)) from error
        except FastCgiError:
            self.close()
            raise

    def _refill(self, upload: Upload) -> None:
        """Wait for more of the body."""
        data = uploaded(self, upload)
        self._upload = upload if data else None
        self._unsent = memoryview(part_of_body(data))
        self._be_patient()

    def _exchange(self) -> bool:
        wanted = select.POLLIN | (select.POLLOUT if self._unsent else 0)
        events = _wait(self._server, wanted, self._deadline)
        if self._unsent and events & select.POLLOUT:
            self._unsent = self._unsent[self._server.send(self._unsent) :]
        if not events & ~select.POLLOUT:
            return False
        data = self._server.recv(_CHUNK)
        if not data:
            raise BrokenOffError("the server has gone before its end")
        self._output.feed(data)
        return True


def _connect(address: str, patience: float) -> socket.socket:
    """A socket that never blocks; FastCgiError."""
    host, _, port = address.rpartition(":")
    try:
        if "/" in address or not port.isdecimal():
            server = _connect_to_path(address, patience)
        else:
            server = socket.create_connection((host, int(port)), patience)
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except TimeoutError as error:
        raise SlowError(f"{address} takes no connection") from error
    except OSError as error:
        raise FastCgiError(f"{address}: {error.strerror or error}") from error
    server.setblocking(False)  # noqa: FBT003 - the library's own
    return server


def _connect_to_path(path: str, patience: float) -> socket.socket:
    server = socket.socket(socket.AF_UNIX)
    try:
        server.settimeout(patience)
        server.connect(path)
    except BaseException:
        server.close()
        raise
    return server


def _wait(server: socket.socket, wanted: int, deadline: float) -> int:
    """What a socket is ready for; SlowError after the deadline."""
    poll = select.poll()
    poll.register(server, wanted)
    left = deadline - time.monotonic()
    events = poll.poll(math.ceil(left * 1000)) if left > 0 else []
    if not events:
        raise SlowError("the server says nothing")
    return events[0][1]


def _is_readable(server: socket.socket) -> bool:
    poll = select.poll()
    poll.register(server, select.POLLIN)
    return bool(poll.poll(0))

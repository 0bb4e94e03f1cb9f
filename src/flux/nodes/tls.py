"""TLS for a listener: `Listener(port=443, tls=Tls("site.pem", "site.key"))`.

Theory of operation. OpenSSL moves no bytes itself here: it reads from one piece of memory, and
writes to another. A flow that wants to receive or send moves them, waiting with its deadline as it
does without TLS; so a handshake is a part of the first `receive`, and holds up nobody else.
"""

import logging
import os
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from flux.nodes.tcp.connection import Buffer, Connection

_CHUNK = 16 * 1024  # bytes; a record has no more
_LOOK_EVERY = 1.0  # seconds

_logger = logging.getLogger("flux")


class TlsError(ConnectionError):
    """The client speaks no TLS, or none that both understand."""


class Tls:
    """A chain of certificates and its key, in files of the form PEM, and the protocols above.

    Files that have changed are read again for new connections, within a second; if they can't be,
    the old ones stay, with a word on the log. OSError if they can't be read at first.
    """

    def __init__(
        self,
        certificate: str,
        key: str,
        *,
        protocols: Sequence[str] = ("http/1.1",),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._files = certificate, key
        self._protocols = list(protocols)
        self._clock = clock
        self._seen = self._versions()
        self._looked = clock()
        self._context = self._load()

    def veil(self) -> "TlsVeil":
        """What a new connection speaks."""
        if self._clock() >= self._looked + _LOOK_EVERY:
            self._looked = self._clock()
            self._look()
        return TlsVeil(self._context)

    def _look(self) -> None:
        try:
            seen = self._versions()
            if seen != self._seen:
                self._seen = seen
                self._context = self._load()
        except OSError as error:
            _logger.warning("cannot use the new %s and %s: %s", *self._files, error)

    def _versions(self) -> list[tuple[int, int]]:
        found = [os.stat(file) for file in self._files]  # noqa: PTH116 - all that is wanted
        return [(each.st_ino, each.st_mtime_ns) for each in found]

    def _load(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_RENEGOTIATION
        context.load_cert_chain(*self._files)
        context.set_alpn_protocols(self._protocols)
        return context


class TlsVeil:
    """One connection's TLS."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._is_agreed = False
        self._early = bytearray()  # decrypted before anybody asked for it

    @property
    def has_input(self) -> bool:
        """Whether bytes have come that nobody has seen yet."""
        return bool(self._early or self._tls.pending() or self._incoming.pending)

    def receive(self, wire: Connection, limit: int, deadline: float) -> bytes:
        """The next bytes, empty when the client has finished; TlsError, TimeoutError, OSError."""
        self._agree(wire, deadline)
        if self._early:
            data = bytes(self._early[:limit])
            del self._early[:limit]
            return data
        while (text := self._read(limit)) is None:
            self._flush(wire, deadline)
            self._fill(wire.receive_plainly(_CHUNK, deadline))
        return text

    def send(self, wire: Connection, parts: tuple[Buffer, ...], deadline: float) -> None:
        """Send all parts; TlsError, TimeoutError, OSError."""
        self._agree(wire, deadline)
        rest = memoryview(b"".join(parts))
        while rest:
            rest = rest[self._tls.write(rest) :]
        self._flush(wire, deadline)

    def has_finished(self, wire: Connection) -> bool:
        """Whether the client has said farewell, or gone, and left nothing to read."""
        if not self._is_agreed:
            return wire.has_finished_plainly()
        try:
            self._fill(wire.socket.recv(_CHUNK))
        except BlockingIOError:
            pass
        except OSError:
            return True
        try:
            text = self._read(_CHUNK)
        except TlsError:
            return True
        self._early += text or b""
        if text != b"" or self._early:
            return False
        self.close(wire)
        return True

    def close(self, wire: Connection) -> None:
        """Say farewell, if the wire takes it at once."""
        with suppress(ssl.SSLError, ValueError):  # the client's own farewell is not waited for
            if self._is_agreed:
                self._tls.unwrap()
        with suppress(OSError):
            wire.socket.send(self._outgoing.read())

    def _agree(self, wire: Connection, deadline: float) -> None:
        """The handshake, once."""
        while not self._is_agreed:
            try:
                self._tls.do_handshake()
                self._is_agreed = True
            except ssl.SSLWantReadError:
                self._flush(wire, deadline)
                self._fill(wire.receive_plainly(_CHUNK, deadline))
            except ssl.SSLError as error:
                with suppress(OSError):
                    self._flush(wire, deadline)  # what is wrong, for the client
                raise TlsError(f"no TLS with {wire.peer[0]}: {error.reason}") from error
        self._flush(wire, deadline)

    def _read(self, limit: int) -> bytes | None:
        """What can be decrypted, empty at the end; None if more must come before."""
        try:
            return self._tls.read(limit)
        except ssl.SSLWantReadError:
            return None
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""
        except ssl.SSLError as error:
            raise TlsError(f"broken TLS: {error.reason}") from error

    def _fill(self, data: bytes) -> None:
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def _flush(self, wire: Connection, deadline: float) -> None:
        if self._outgoing.pending:
            wire.send_plainly((self._outgoing.read(),), deadline)

"""TLS for a listener: `Listener(port=443, tls=Tls("site.pem", "site.key"))`.

Theory of operation. OpenSSL moves no bytes itself here: it reads from one piece of memory, and
writes to another. A flow that wants to receive or send moves them, waiting with its deadline as it
does without TLS; so a handshake is a part of the first `receive`, and holds up nobody else.

A handshake that has failed isn't tried again: what is sent then fails at once. But who speaks HTTP
as it is was told the wrong address, and may be told so: what is sent to him goes out as it is.
"""

import logging
import os
import ssl
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from flux.nodes.tcp.connection import Buffer, Connection, UnveiledError

_CHUNK = 16 * 1024  # bytes; a record has no more
_AT_ONCE = 4 * _CHUNK  # bytes that are encrypted before they are sent
_LOOK_EVERY = 1.0  # seconds
# A key of another kind is taken at first, and then found to have no certificate.
_OF_ANOTHER = {"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED"}

_logger = logging.getLogger("flux")


class TlsError(ConnectionError):
    """The client speaks no TLS, or none that both understand."""


class BadCertificateError(OSError):
    """A certificate or a key is of no use: which file, and what would help."""


class Tls:
    """A chain of certificates and its key, in files of the form PEM, and the protocols above.

    Files that have changed are read again for new connections, within a second; if they can't be,
    the old ones stay, with a word on the log. At first that is a BadCertificateError, or another
    OSError if they can't be read.
    """

    def __init__(
        self,
        certificate: str,
        key: str,
        *,
        protocols: Sequence[str] = ("http/1.1",),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._protocols = protocols
        self._clock = clock
        self._looked = clock()
        self._own = _Credentials(certificate, key, protocols, self._choose)
        self._named: dict[str, _Credentials] = {}

    def add(self, host: str, certificate: str, key: str) -> None:
        """Have other files for clients who ask for a host (SNI); before the listener is opened."""
        self._named[host.lower()] = _Credentials(certificate, key, self._protocols)

    def veil(self) -> "TlsVeil":
        """What a new connection speaks."""
        if self._clock() >= self._looked + _LOOK_EVERY:
            self._looked = self._clock()
            for each in (self._own, *self._named.values()):
                each.look()
        return TlsVeil(self._own.context)

    def _choose(self, tls: ssl.SSLObject, host: str | None, _: ssl.SSLContext) -> None:
        named = self._named.get((host or "").lower())
        if named is not None:
            tls.context = named.context


class _Credentials:
    """Files, and what OpenSSL makes of them."""

    def __init__(
        self,
        certificate: str,
        key: str,
        protocols: Sequence[str],
        choose: Callable[[ssl.SSLObject, str | None, ssl.SSLContext], None] | None = None,
    ) -> None:
        self._files = certificate, key
        self._protocols = list(protocols)
        self._choose = choose
        self._seen = self._versions()
        self.context = self._load()

    def look(self) -> None:
        """Read the files again if they have changed."""
        try:
            seen = self._versions()
            if seen != self._seen:
                self._seen = seen
                self.context = self._load()
        except OSError as error:
            _logger.warning("the old certificate stays: %s", error)

    def _versions(self) -> list[tuple[int, int]]:
        found = [os.stat(file) for file in self._files]  # noqa: PTH116 - all that is wanted
        return [(each.st_ino, each.st_mtime_ns) for each in found]

    def _load(self) -> ssl.SSLContext:
        _check(*self._files)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.options |= ssl.OP_NO_RENEGOTIATION
        context.set_alpn_protocols(self._protocols)
        context.sni_callback = self._choose
        try:
            context.load_cert_chain(*self._files)
        except ssl.SSLError as error:
            raise BadCertificateError(_complaint(*self._files, error.reason)) from error
        return context


def _check(certificate: str, key: str) -> None:
    """BadCertificateError where OpenSSL would not tell the file, or would ask for a password."""
    if b"CERTIFICATE-----" not in Path(certificate).read_bytes():
        raise BadCertificateError(f"{certificate} holds no certificate in the form PEM")
    text = Path(key).read_bytes()
    if b"PRIVATE KEY-----" not in text:
        raise BadCertificateError(f"{key} holds no private key in the form PEM")
    if b"ENCRYPTED" in text:
        raise BadCertificateError(
            f"{key} is encrypted: write it without, by `openssl pkey -in {key} -out FILE`"
        )


def _complaint(certificate: str, key: str, reason: str) -> str:
    if reason in _OF_ANOTHER:
        return (
            f"{key} is not the key of the first certificate in {certificate}: "
            "name the key that it was made for, and put the server's own certificate first"
        )
    return f"cannot use {certificate} with {key}: {reason}"


class TlsVeil:
    """One connection's TLS."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self._is_agreed = False
        self._has_failed = False
        self._is_plain = False  # and nothing but what is wrong is said
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
        if self._is_plain:
            wire.send_plainly(parts, deadline)
            return
        self._agree(wire, deadline)
        rest = memoryview(b"".join(parts))
        while rest:
            rest = rest[self._write(rest[:_AT_ONCE]) :]
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
        if self._is_agreed:
            return
        if self._has_failed:
            raise TlsError(f"no TLS with {wire.peer[0]}")
        self._has_failed = True  # unless it goes well
        while not self._is_agreed:
            try:
                self._tls.do_handshake()
                self._is_agreed = True
            except ssl.SSLWantReadError:
                self._flush(wire, deadline)
                self._fill(wire.receive_plainly(_CHUNK, deadline))
            except ssl.SSLError as error:
                self._refuse(wire, error)
        self._has_failed = False
        self._flush(wire, deadline)

    def _refuse(self, wire: Connection, error: ssl.SSLError) -> NoReturn:
        """Tell the client what is wrong, now or later."""
        complaint = f"no TLS with {wire.peer[0]}: {error.reason}"
        if error.reason == "HTTP_REQUEST":
            self._is_plain = True
            raise UnveiledError(complaint) from error
        with suppress(OSError):
            wire.socket.send(self._outgoing.read())
        raise TlsError(complaint) from error

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

    def _write(self, data: memoryview) -> int:
        """How much was encrypted."""
        try:
            return self._tls.write(data)
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

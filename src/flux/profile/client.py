"""Asks a running server for its profile, over HTTP on TCP or on a Unix socket.

Whatever listens there may be anything: it gets a few seconds, and its answer is bounded.
"""

import re
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic
from typing import NamedTuple

from flux.profile.errors import ProfileError
from flux.profile.flows import LiveFlows
from flux.profile.model import Profile
from flux.profile.reading import MOST_BYTES, read_flows, read_profile

PATIENCE = 5.0
"""Seconds until a server must have said something, and until it must have said all."""

MOST_PORT = 65535
_PIECE = 1 << 16
_ADDRESS = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.%\w]+)\]|(?P<host>[\w.-]+)):(?P<port>\d{1,5})")
_TOKEN = re.compile(r"[^\x00-\x1f\x7f]+")


class UnreachableError(ProfileError):
    """Nobody answers, now; it may be another matter later."""


class Address(NamedTuple):
    """Where a server listens: a host and a port, or the path of a Unix socket."""

    host: str
    port: int = 0
    path: str = ""

    def __str__(self) -> str:
        if self.path:
            return f"unix:{self.path}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parsed_address(text: str) -> Address | None:
    """The address that a text stands for, if for any: `127.0.0.1:9100`, `unix:/run/image.sock`."""
    if text.startswith("unix:") and len(text) > len("unix:"):
        return Address("localhost", path=text.removeprefix("unix:"))
    found = _ADDRESS.fullmatch(text)
    if not found or not 0 < int(found["port"]) <= MOST_PORT:
        return None
    return Address(found["six"] or found["host"], int(found["port"]))


class Server:
    """A server that can be asked. Each question has a connection of its own.

    Raises:
        ProfileError: The token is none.
    """

    def __init__(self, address: Address, token: str | None = None) -> None:
        self.address = address
        # Names of hosts are refused, for a web page could have had them resolved to here.
        self._headers = {"Host": "localhost", "Accept": "application/json", "Connection": "close"}
        if token is not None:
            if not _TOKEN.fullmatch(token):
                raise ProfileError("a token is a line of text: this one is empty, or has several")
            self._headers["Authorization"] = f"Bearer {token}"

    def profile(self) -> Profile:
        """What it has counted so far."""
        return read_profile(self._ask("GET", "/profile"), str(self.address))

    def flows(self) -> LiveFlows:
        """The flows that live."""
        return read_flows(self._ask("GET", "/flows"), str(self.address))

    def start(self) -> Profile:
        """The profile, which is turned on."""
        return read_profile(self._ask("POST", "/start"), str(self.address))

    def stop(self) -> Profile:
        """The profile, which is turned off."""
        return read_profile(self._ask("POST", "/stop"), str(self.address))

    def _ask(self, method: str, path: str) -> bytes:
        connection = _connection(self.address)
        try:
            connection.request(method, path, headers=self._headers)
            response = connection.getresponse()
            self._check(response)
            return self._body(response)
        except TimeoutError:
            raise UnreachableError(
                f"{self.address} doesn't answer within {PATIENCE:.0f} seconds"
            ) from None
        except OSError as error:
            raise UnreachableError(_told(self.address, error)) from None
        except HTTPException:
            raise self._stranger() from None
        finally:
            connection.close()

    def _check(self, response: HTTPResponse) -> None:
        """Tell what a refusal means."""
        if response.status == 401:  # noqa: PLR2004 - HTTP's number for "who are you?"
            which = "another token" if "Authorization" in self._headers else "a token"
            raise ProfileError(
                f"{self.address} wants {which}: name its --profile-token-file with --token-file"
            )
        if response.status in _REFUSALS:
            kind, message = _REFUSALS[response.status]
            raise kind(f"{self.address} {message}")
        if response.status != 200:  # noqa: PLR2004 - HTTP's number for "here it is"
            raise self._stranger()

    def _body(self, response: HTTPResponse) -> bytes:
        body, deadline = bytearray(), monotonic() + PATIENCE
        while len(body) + (response.length or 0) <= MOST_BYTES:
            piece = response.read1(_PIECE)
            if not piece:
                break
            body += piece
            if monotonic() > deadline:
                raise TimeoutError
        else:
            raise ProfileError(
                f"{self.address} answers with more than {MOST_BYTES:,} bytes: no profile is so"
                " large"
            )
        if response.length:
            raise UnreachableError(f"{self.address} hung up in the middle of its answer")
        return bytes(body)

    def _stranger(self) -> ProfileError:
        return ProfileError(
            f"what listens at {self.address} is no Flux server that gives profiles: is that"
            " the address of its --profile-listen?"
        )


_REFUSALS: Mapping[int, tuple[type[ProfileError], str]] = {
    403: (ProfileError, "refuses to be asked from here"),
    500: (ProfileError, "failed to answer: its standard error may say why"),
    503: (UnreachableError, "serves as many clients as it can: ask again"),
}


class _UnixConnection(HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def _connection(address: Address) -> HTTPConnection:
    if address.path:
        return _UnixConnection(address.path)
    return HTTPConnection(address.host, address.port, timeout=PATIENCE)


def _told(address: Address, error: OSError) -> str:
    match error:
        case ConnectionRefusedError() | FileNotFoundError():
            return (
                f"nobody listens at {address}: does the server run, and with"
                f" `--profile-listen {address}`?"
            )
        case socket.gaierror():
            return f"no machine is called {address.host!r}"
        case PermissionError():
            return f"{address} may not be used by this user"
        case ConnectionError():
            return f"{address} hung up without an answer"
        case _:
            return f"{address}: {error.strerror or error}"

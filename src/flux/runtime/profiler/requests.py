"""HTTP as far as the profiler speaks it: a request's head, and an answer. Bytes in, bytes out.

Whatever isn't a plain request is refused with the reason. What a browser might send for a page of
somebody else's has an `Origin`, or a name of theirs in `Host`: a socket that only this machine can
reach is not to be reached through a browser on it.
"""

import hmac
import ipaddress
from typing import NamedTuple

MOST_BYTES = 8192
END = b"\r\n\r\n"

REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
}


class RefusedError(Exception):
    """A request that isn't answered as it wishes; the status, and why."""

    def __init__(self, status: int, why: str, *headers: str) -> None:
        super().__init__(why)
        self.status = status
        self.headers = headers

    def response(self) -> bytes:
        """The answer that says so."""
        return response(self.status, "text/plain", f"{self}\n", *self.headers)


class Request(NamedTuple):
    """What is asked for; names of headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]


def parse(head: bytes) -> Request:
    """The request of a head, which ends with an empty line. Raises RefusedError."""
    first, *lines = head.removesuffix(END).decode("latin-1").split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):  # noqa: PLR2004 - as HTTP has it
        raise RefusedError(400, "this is no request of HTTP/1.1")
    headers = dict(_header(line) for line in lines)
    if len(headers) < len(lines):
        raise RefusedError(400, "a header stands there twice")
    if headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
        raise RefusedError(400, "a request may have no body")
    return Request(words[0], words[1].partition("?")[0], headers)


def admit(request: Request, token: bytes | None) -> None:
    """Refuse who may not ask. Raises RefusedError."""
    if "origin" in request.headers:
        raise RefusedError(403, "requests of web pages (Origin) are not answered")
    if token is None and not _is_own_name(request.headers.get("host", "localhost")):
        raise RefusedError(403, "in Host stands a name: ask by address, or as localhost")
    if token is not None and not _knows(request.headers.get("authorization", ""), token):
        raise RefusedError(
            401, "this needs the token: Authorization: Bearer TOKEN", "WWW-Authenticate: Bearer"
        )


def response(status: int, kind: str, text: str, *headers: str) -> bytes:
    """An answer, after which the connection is closed."""
    body = text.encode()
    head = [
        f"HTTP/1.1 {status} {REASONS[status]}",
        f"Content-Type: {kind}; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
        *headers,
    ]
    return "\r\n".join(head).encode("latin-1") + END + body


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name or name != name.strip():
        raise RefusedError(400, "a line of the head is no header")
    return name.lower(), value.strip()


def _is_own_name(host: str) -> bool:
    """Whether a Host is an address, or `localhost`; a port may follow."""
    name = host.rpartition("]")[0].removeprefix("[") or host.partition(":")[0]
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name.lower() == "localhost"
    return True


def _knows(authorization: str, token: bytes) -> bool:
    scheme, _, given = authorization.partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.encode("latin-1"), token)

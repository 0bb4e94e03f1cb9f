"""The head of a request: its first line and its header fields, read strictly.

httptools splits the head into fields. It is lenient in places where leniency lets one server of a
chain see another request than the next (request smuggling), so each of these is checked here:

- the request line: one space between its parts, HTTP/1.x only, a known method, a target of
  printable ASCII; httptools is shown another one, for it knows HTTP/0.9, RTSP and ICE, too;
- lines end with CR LF, and neither character stands anywhere else; no line is folded; no control
  character stands anywhere;
- the framing: see `framing`. What httptools thinks of it is not asked: fields that it refuses are
  split without it, and only where that can't be done are they malformed.
"""

import re
import socket
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flux.nodes.http.message import Headers, HttpError, Limits

try:
    import httptools
except ModuleNotFoundError as error:
    raise ImportError(
        "flux.nodes.http needs httptools: pip install 'flux-servers[http]'"
    ) from error

_REQUEST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ ([!-~]+) HTTP/([0-9]\.[0-9])\r\n")
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PATH_AND_QUERY = re.compile(r"(/[^?#]*)(?:\?([^#]*))?")
_ABSOLUTE = re.compile(r"https?://([^/?#:][^/?#]*)((?:[/?][^#]*)?)", re.IGNORECASE)
_HOST = re.compile(r"(?:[A-Za-z0-9._~%!$&'()*+,;=-]*|\[([0-9A-Fa-f:.]+)\])(?::[0-9]*)?")
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_TEXT = bytes([*b"\t\r\n", *range(32, 127), *range(128, 256)])

# The methods of HTTP and WebDAV, and some that other protocols send in its form.
_METHODS = frozenset(
    [
        *("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"),
        *("ACL", "BIND", "CHECKOUT", "COPY", "LINK", "LOCK", "M-SEARCH", "MERGE", "MKACTIVITY"),
        *("MKCALENDAR", "MKCOL", "MOVE", "NOTIFY", "PROPFIND", "PROPPATCH", "PURGE", "QUERY"),
        *("REBIND", "REPORT", "SEARCH", "SOURCE", "SUBSCRIBE", "UNBIND", "UNLINK", "UNLOCK"),
        "UNSUBSCRIBE",
    ]
)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the body."""

    method: str
    target: str
    path: str
    query: str
    version: str
    headers: Headers


def check_request_line(line: bytes, limits: Limits) -> None:
    """Raise what is wrong with a first line, its end included."""
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise HttpError(400, "malformed request line")
    target, version = match.groups()
    if len(target) > limits.target:
        raise HttpError(414)
    if not version.startswith(b"1"):
        raise HttpError(505)


def parse_head(head: bytes, limits: Limits) -> Head:
    """Read a whole head, the empty line included, whose first line has been checked."""
    _check_characters(head)
    if head.count(b"\n") - 2 > limits.header_count:
        raise HttpError(431, "too many header fields")
    line, _, fields = head.partition(b"\r\n")
    method, target, named = line.decode("ascii").split(" ")
    version = "1.0" if named == "HTTP/1.0" else "1.1"  # a later one is read as 1.1 (RFC 9110, 6.2)
    headers = Headers(_split_fields(fields))
    path, query = _split_target(method, target)
    _check_host(headers, version)
    return Head(method, target, path, query, version, headers)


def _check_characters(head: bytes) -> None:
    lines = head.count(b"\r\n")
    if lines != head.count(b"\n") or lines != head.count(b"\r"):
        raise HttpError(400, "a line must end with CR LF")
    if head.translate(None, _TEXT):
        raise HttpError(400, "control character")
    if b"\n " in head or b"\n\t" in head:
        raise HttpError(400, "folded header field")


def _split_fields(fields: bytes) -> list[tuple[str, str]]:
    """The names and values of the fields, whose characters have been checked."""
    split = _Fields()
    try:
        httptools.HttpRequestParser(split).feed_data(b"GET / HTTP/1.1\r\n" + fields)
    except httptools.HttpParserUpgrade:
        pass  # an offer, which a server may ignore
    except httptools.HttpParserError:
        if not split.complete:  # else it is about the body
            return [_split_field(line) for line in fields.split(b"\r\n")[:-2]]
    return split.found


def _split_field(line: bytes) -> tuple[str, str]:
    name, colon, value = line.partition(b":")
    if not colon or not _NAME.fullmatch(name):
        raise HttpError(400, "malformed header field")
    return _field(name, value)


def _field(name: bytes, value: bytes) -> tuple[str, str]:
    return name.decode("ascii"), value.strip(b" \t").decode("latin-1")


class _Fields:
    """Takes the header fields from httptools."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []
        self.complete = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a field."""
        self.found.append(_field(name, value))

    def on_headers_complete(self) -> None:
        """Note that all fields are there."""
        self.complete = True


def _split_target(method: str, target: str) -> tuple[str, str]:
    """The decoded path, and the query as it is."""
    if method not in _METHODS:
        raise HttpError(501, "no proxy" if method == "CONNECT" else "unknown method")
    if target == "*" and method == "OPTIONS":
        return "*", ""
    absolute = _ABSOLUTE.fullmatch(target)
    if absolute and _is_host(absolute[1]):
        rest = absolute[2]
        target = rest if rest.startswith("/") else "/" + rest
    match = _PATH_AND_QUERY.fullmatch(target)
    if match is None:
        raise HttpError(400, "malformed target")
    return _decode(match[1]), match[2] or ""


def _decode(path: str) -> str:
    if "%" not in path:
        return path
    if _BAD_ESCAPE.search(path):
        raise HttpError(400, "malformed escape in the target")
    decoded = unquote_to_bytes(path)
    if b"\0" in decoded:
        raise HttpError(400, "NUL in the path")
    try:
        return decoded.decode()
    except UnicodeDecodeError:
        raise HttpError(400, "the path is not UTF-8") from None


def _check_host(headers: Headers, version: str) -> None:
    hosts = headers.all("host")
    if len(hosts) > 1 or (not hosts and version == "1.1"):
        raise HttpError(400, "there must be one Host")
    if hosts and not _is_host(hosts[0]):
        raise HttpError(400, "malformed Host")


def _is_host(text: str) -> bool:
    match = _HOST.fullmatch(text)
    if match is None or _BAD_ESCAPE.search(text):
        return False
    return match[1] is None or _is_address(match[1])


def _is_address(text: str) -> bool:
    try:
        socket.inet_pton(socket.AF_INET6, text)
    except OSError:
        return False
    return True

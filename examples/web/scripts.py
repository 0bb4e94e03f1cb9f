"""Requests to scripts, as CGI has them (RFC 3875, 4)."""

import logging
from dataclasses import dataclass

from answers import refusal
from exchange import Reply, Request
from flux.nodes import http
from pages import Page
from responses import reply_of
from runner import Asked, Runner, ScriptError, Upload
from sites import without_port

_AT_ONCE = 32 * 1024  # bytes of a body
_NOT_PASSED = {"proxy", "content-type", "content-length"}  # a Proxy would be HTTP_PROXY to a script
_REPEATABLE = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"}  # RFC 9110, 9.2.2

_logger = logging.getLogger("web")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the server listens, and how many seconds it waits for a client."""

    host: str
    port: int
    is_encrypted: bool
    patience: float


def run(runner: Runner, request: Request, page: Page, place: Place) -> Reply:
    """What a script answers, as far as it has come; 502, 503 or 504 if it can't."""
    method = request.http.method
    asked = Asked(
        parameters(request, page, place),
        request.http.body,
        _upload_of(request, place.patience),
        may_repeat=method in _REPEATABLE,
    )
    try:
        return reply_of(runner.start(page.name, asked), is_head=method == "HEAD")
    except ScriptError as error:
        _logger.error("cannot run %s: %s", page.name, error)  # noqa: TRY400 - where says nothing
        return refusal(error.status)


def _upload_of(request: Request, patience: float) -> Upload | None:
    """What waits for the rest of a request's body, if some of it is left."""
    if not request.http.unread:
        return None
    pace = http.Pace(patience, 1 / patience)  # each byte makes up for all waiting before
    stream = http.BodyStream.left(request.conn, request.http, pace)

    def read() -> bytes:
        try:
            return stream.read(_AT_ONCE) or b""
        except http.BrokenBodyError as error:
            raise stream.failure or error from None

    return read


def parameters(request: Request, page: Page, place: Place) -> dict[bytes, bytes]:
    """What a script is told of a request."""
    asked, root = request.http, request.site.root
    named = asked.headers.all("host")
    found = {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "SERVER_SOFTWARE": "flux",
        "SERVER_PROTOCOL": f"HTTP/{asked.version}",
        "SERVER_NAME": without_port(named[0]) if named else place.host,
        "SERVER_ADDR": place.host,
        "SERVER_PORT": str(place.port),
        "REMOTE_ADDR": request.conn.peer[0],
        "REMOTE_PORT": str(request.conn.peer[1]),
        "REQUEST_METHOD": asked.method,
        "REQUEST_URI": asked.target,
        "QUERY_STRING": asked.query,
        "DOCUMENT_ROOT": root,
        "SCRIPT_NAME": f"/{page.name}",
        "SCRIPT_FILENAME": f"{root}/{page.name}",
        "CONTENT_TYPE": "".join(asked.headers.all("content-type")[:1]),
        "CONTENT_LENGTH": str(len(asked.body) or asked.unread or ""),
        "REDIRECT_STATUS": "200",  # without it PHP runs nothing
    }
    if page.path_info:
        found |= {"PATH_INFO": page.path_info, "PATH_TRANSLATED": root + page.path_info}
    if place.is_encrypted:
        found["HTTPS"] = "on"
    told = {key.encode(): value.encode() for key, value in found.items()}
    return told | _from_fields(asked.headers)


def _from_fields(headers: http.Headers) -> dict[bytes, bytes]:
    """The request's fields; one with `_` in its name could pass for another, and is left out."""
    return {
        b"HTTP_" + name.upper().replace("-", "_").encode(): value.encode("latin-1")
        for name, value in headers.items()
        if "_" not in name and name not in _NOT_PASSED
    }

"""Requests to scripts, as CGI has them (RFC 3875), and what scripts answer."""

import re
from dataclasses import dataclass
from http import HTTPStatus

from answers import refusal
from exchange import Reply, Request, in_memory
from flux.nodes import http

_LONGEST_HEAD = 3072  # bytes of fields
_NOT_PASSED = {"proxy", "content-type", "content-length"}  # a Proxy would be HTTP_PROXY to a script
_OURS = {"connection", "content-length", "date", "keep-alive", "transfer-encoding", "status"}
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t -~\x80-\xff]*)")
_STATUS = re.compile(r"[1-5][0-9]{2}(?: .*)?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where scripts are, and who runs them."""

    root: str
    host: str
    port: int


def parameters(request: Request, name: str, place: Place) -> dict[bytes, bytes]:
    """What a script is told of a request."""
    asked = request.http
    named = asked.headers.all("host")
    found = {
        "GATEWAY_INTERFACE": "CGI/1.1",
        "SERVER_SOFTWARE": "flux",
        "SERVER_PROTOCOL": f"HTTP/{asked.version}",
        "SERVER_NAME": _host(named[0]) if named else place.host,
        "SERVER_ADDR": place.host,
        "SERVER_PORT": str(place.port),
        "REMOTE_ADDR": request.conn.peer[0],
        "REMOTE_PORT": str(request.conn.peer[1]),
        "REQUEST_METHOD": asked.method,
        "REQUEST_URI": asked.target,
        "QUERY_STRING": asked.query,
        "DOCUMENT_ROOT": place.root,
        "SCRIPT_NAME": f"/{name}",
        "SCRIPT_FILENAME": f"{place.root}/{name}",
        "CONTENT_TYPE": "".join(asked.headers.all("content-type")[:1]),
        "CONTENT_LENGTH": str(len(asked.body)) if asked.body else "",
        "REDIRECT_STATUS": "200",  # without it PHP runs nothing
    }
    told = {key.encode(): value.encode() for key, value in found.items()}
    return told | _from_fields(asked.headers)


def _host(field: str) -> str:
    """The name in a Host field, without the port."""
    return field[: field.index("]") + 1] if field.startswith("[") else field.partition(":")[0]


def _from_fields(headers: http.Headers) -> dict[bytes, bytes]:
    """The request's fields; one with `_` in its name could pass for another, and is left out."""
    return {
        b"HTTP_" + name.upper().replace("-", "_").encode(): value.encode("latin-1")
        for name, value in headers.items()
        if "_" not in name and name not in _NOT_PASSED
    }


def reply_of(output: bytes) -> Reply:
    """The reply that a script's output is; 502 if it is none."""
    head, body = _halves(output)
    lines = [line.removesuffix(b"\r") for line in head.split(b"\n")]
    fields = [_FIELD.fullmatch(line) for line in lines]
    if len(head) > _LONGEST_HEAD or None in fields:
        return refusal(HTTPStatus.BAD_GATEWAY)
    pairs = [
        (match[1].decode(), match[2].strip(b" \t").decode("latin-1")) for match in fields if match
    ]
    status = _status(pairs)
    if status is None:
        return refusal(HTTPStatus.BAD_GATEWAY)
    passed = tuple(pair for pair in pairs if pair[0].lower() not in _OURS)
    bodiless = status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}
    return Reply(status, passed, () if bodiless else (in_memory(body),))


def _halves(output: bytes) -> tuple[bytes, bytes]:
    match = re.search(rb"\r?\n\r?\n", output)
    return (output[: match.start()], output[match.end() :]) if match else (b"", b"")


def _status(pairs: list[tuple[str, str]]) -> HTTPStatus | None:
    """What `Status` says; 302 if there is only a `Location`; None if there is no such status."""
    names = {name.lower(): value for name, value in reversed(pairs)}
    text = names.get("status", "302" if "location" in names else "200")
    if not _STATUS.fullmatch(text):
        return None
    try:
        status = HTTPStatus(int(text[:3]))
    except ValueError:
        return None
    return status if status >= HTTPStatus.OK else None

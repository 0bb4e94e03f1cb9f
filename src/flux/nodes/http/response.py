"""Responses as bytes: the codec's writing half."""

import re
import time
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Literal

from flux.nodes.http.message import reason_phrase
from flux.nodes.tcp import Buffer

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t -~\x80-\xff]*")
_OURS = frozenset({"date", "content-length", "connection", "transfer-encoding"})

Framing = Literal["length", "chunks", "end"]


def response(  # noqa: PLR0913 - most have a name
    status: int,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
    body: Buffer = b"",
    *,
    head: bool = False,
    keep_alive: bool = True,
    length: int | None = None,
    framing: Framing = "length",
    reason: str | None = None,
    date: str | None = None,
) -> list[Buffer]:
    """The parts of a response, for `connection.send(*parts)`.

    Date, Content-Length and Connection are added. A field may be there more than once
    if the headers are pairs. With `head` the body counts but isn't sent.
    With `length`, that many bytes of the body are sent by the caller, after these parts; with
    "chunks" for `framing` in chunks, and with "end" until the connection's end.
    With `reason`, these words follow the status, which may then be any; with `date`, this is when.
    ValueError if the connection is to be kept beyond that end, or if a header's name or value could
    break out of its line, or is one of those.
    """
    line = _status_line(status) if reason is None else _own_status_line(status, reason)
    lines = [line, _date_line(date)]
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    lines += [_field(name, value) for name, value in pairs]
    if not _is_bodiless(status):
        lines += _framing(framing, len(body) if length is None else length, keep_alive=keep_alive)
    lines.append("Connection: keep-alive\r\n\r\n" if keep_alive else "Connection: close\r\n\r\n")
    start = "\r\n".join(lines).encode("latin-1")
    return [start] if head or _is_bodiless(status) or not body else [start, body]


def _framing(framing: Framing, length: int, *, keep_alive: bool) -> list[str]:
    """The line that tells where the body ends; none if that is where the connection does."""
    match framing:
        case "length":
            return [f"Content-Length: {length}"]
        case "chunks":
            return ["Transfer-Encoding: chunked"]
        case "end":
            if keep_alive:
                raise ValueError("a connection that is kept can't end a body")
            return []


@lru_cache(maxsize=64)
def _status_line(status: int) -> str:
    return f"HTTP/1.1 {HTTPStatus(status).value} {reason_phrase(status)}"


def _own_status_line(status: int, reason: str) -> str:
    if not 100 <= status <= 999 or not _VALUE.fullmatch(reason):  # noqa: PLR2004 - three digits
        raise ValueError(f"not a status: {status!r} {reason!r}")
    return f"HTTP/1.1 {status} {reason}"


def check_field(name: str, value: str) -> None:
    """ValueError if a header field could break out of its line."""
    if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
        raise ValueError(f"not a header field: {name!r}: {value!r}")


def _date_line(date: str | None) -> str:
    if date is None:
        return f"Date: {_date(int(time.time()))}"
    check_field("Date", date)
    return f"Date: {date}"


@lru_cache(maxsize=1)
def _date(second: int) -> str:
    return formatdate(second, usegmt=True)


def _is_bodiless(status: int) -> bool:
    """Whether a response of this status never has a body, nor a length."""
    return status in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED} or status < HTTPStatus.OK


@lru_cache(maxsize=1024)
def _field(name: str, value: str) -> str:
    check_field(name, value)
    if name.lower() in _OURS:
        raise ValueError(f"{name} is added by `response`")
    return f"{name}: {value}"

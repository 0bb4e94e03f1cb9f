"""What an application says with `start_response`: a status, and fields."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from flux.nodes import http
from flux.nodes.http import Framing, reason_phrase
from flux.nodes.http.response import check_field

_STATUS = re.compile(r"([2-9][0-9]{2})(?: ([\t -~\x80-\xff]*))?")
_LENGTH = re.compile(r"[0-9]{1,18}")
# What concerns one connection, and so is the server's alone (RFC 2616, 13.5.1, which PEP 3333 has).
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te"}
    | {"trailer", "trailers", "transfer-encoding", "upgrade"}
)

_SINGLE = frozenset({"content-length", "date"})  # those that the codec adds otherwise

Fields = list[tuple[str, str]]


class ApplicationError(Exception):
    """An application doesn't keep to PEP 3333; the message says where."""


@dataclass(frozen=True, slots=True)
class Head:
    """A status and fields; the reason and the date only where they aren't the usual ones."""

    status: int
    reason: str | None
    fields: Fields
    length: int | None
    date: str | None

    def encoded(
        self, first: bytes, length: int | None, framing: Framing, *, keep_alive: bool
    ) -> bytes:
        """Its bytes, ahead of a body that begins so, and is so long."""
        fields = dict(self.fields)
        if len(fields) == len(self.fields) and length == len(first) and self._is_usual:
            return bytes(http.response(self.status, fields, first, keep_alive=keep_alive)[0])
        start = http.response(
            *(self.status, self.fields),
            keep_alive=keep_alive,
            length=length,
            framing=framing,
            reason=self.reason,
            date=self.date,
        )
        return bytes(start[0])

    @property
    def _is_usual(self) -> bool:
        return self.reason is None and self.date is None


def read_head(status: object, headers: Iterable[tuple[str, str]]) -> Head:
    """What the arguments of `start_response` mean; ApplicationError if they mean nothing."""
    match = _STATUS.fullmatch(status) if isinstance(status, str) else None
    if match is None:
        raise ApplicationError(f"{status!r} is no status; one is like '200 OK'")
    fields: Fields = []
    singles: dict[str, str] = {}
    for name, value in headers:
        key = _checked(name, value)
        if key not in _SINGLE:
            fields.append((name, value))
        elif singles.setdefault(key, value) != value:
            raise ApplicationError(f"there are two fields {name}")
    code = int(match[1])
    length = _length(singles.get("content-length"))
    return Head(code, _own_reason(code, match[2] or ""), fields, length, singles.get("date"))


@lru_cache(maxsize=1024)
def _checked(name: str, value: str) -> str:
    """A field's name in small letters; ApplicationError if there can't be such a field."""
    try:
        check_field(name, value)
    except (TypeError, ValueError) as error:
        raise ApplicationError(f"{name!r}: {value!r} is no header field") from error
    key = name.lower()
    if key in _HOP_BY_HOP:
        raise ApplicationError(f"{name} is the server's own: it concerns one connection only")
    return key


def _length(value: str | None) -> int | None:
    if value is None:
        return None
    if not _LENGTH.fullmatch(value):
        raise ApplicationError(f"{value!r} is no Content-Length")
    return int(value)


@lru_cache(maxsize=256)
def _own_reason(status: int, reason: str) -> str | None:
    """A reason, if it isn't the usual one."""
    try:
        return None if reason == reason_phrase(status) else reason
    except ValueError:
        return reason

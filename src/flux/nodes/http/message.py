"""Requests as data, and what can be wrong with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus

# In the words of RFC 9110, which Python has from 3.13 on.
_PHRASES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Content Too Large",
    HTTPStatus.REQUEST_URI_TOO_LONG: "URI Too Long",
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "Range Not Satisfiable",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Content",
}


def reason_phrase(status: int) -> str:
    """The standard's words for a status, such as `Not Found`; ValueError if it has none."""
    known = HTTPStatus(status)
    return _PHRASES.get(known, known.phrase)


class HttpError(Exception):
    """A request that gets no ordinary reply: the status to answer with, and the reason."""

    def __init__(self, status: int, reason: str = "") -> None:
        self.status = HTTPStatus(status)
        self.reason = reason or reason_phrase(status)
        super().__init__(f"{self.status} {self.reason}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a request is read before it is refused; in bytes, but for `header_count`.

    A body of more than `body` bytes, and at most `streamed`, is left to be read by a `BodyStream`,
    if its length is told.
    """

    target: int = 8192
    headers: int = 32 * 1024
    header_count: int = 100
    body: int = 1024 * 1024
    streamed: int = 0


class Headers(Mapping[str, str]):
    """Header fields by name, in any case; a repeated field's values are joined with commas."""

    __slots__ = ("_values",)

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self._values: dict[str, tuple[str, ...]] = {}
        for name, value in fields:
            key = name.lower()
            self._values[key] = (*self._values.get(key, ()), value)

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._values[name.lower()])

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({dict(self)})"

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field, as the client sent them."""
        return self._values.get(name.lower(), ())


@dataclass(frozen=True, slots=True)
class Request:
    """A whole request. `path` is percent-decoded and may hold `..`: see `clean_path`.

    Of one whose body is left to be read, `unread` has the number of its bytes, and `awaits_leave`
    whether the client waits for `100 Continue`; no other request follows it.
    """

    method: str
    target: str
    path: str
    query: str
    version: str
    headers: Headers
    body: bytes
    keep_alive: bool
    unread: int = 0
    awaits_leave: bool = False


def clean_path(path: str) -> str | None:
    """A decoded path relative to the root, without `.`, `..` and empty parts; the root is "".

    None if it leaves the root, or holds a backslash or NUL. An encoded slash was decoded before,
    and separates as any other. Symbolic links are the caller's to look after.
    """
    if "\\" in path or "\0" in path:
        return None
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    return "/".join(parts)

"""Requests as data, and what can be wrong with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus


class HttpError(Exception):
    """A request that gets no ordinary reply: the status to answer with, and the reason."""

    def __init__(self, status: int, reason: str = "") -> None:
        self.status = HTTPStatus(status)
        self.reason = reason or self.status.phrase
        super().__init__(f"{status} {self.reason}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a request is read before it is refused; in bytes, but for `header_count`."""

    target: int = 8192
    headers: int = 32 * 1024
    header_count: int = 100
    body: int = 1024 * 1024


class Headers(Mapping[str, str]):
    """Header fields by name, in any case; a repeated field's values are joined with commas."""

    def __getitem__(self, name: str) -> str:
        raise NotImplementedError

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a field, as the client sent them."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Request:
    """A whole request. `path` is percent-decoded and may hold `..`: see `clean_path`."""

    method: str
    target: str
    path: str
    query: str
    version: str
    headers: Headers
    body: bytes
    keep_alive: bool


def clean_path(path: str) -> str | None:
    """A decoded path relative to the root, without `.`, `..` and empty parts; the root is "".

    None if it leaves the root, or holds a backslash or NUL. Symbolic links are the caller's.
    """
    raise NotImplementedError

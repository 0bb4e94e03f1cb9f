"""JSON becomes a profile, or what is wrong with it becomes a sentence."""

from typing import TypeVar

import msgspec

from flux.profile.model import FORMAT, VERSION, Profile

MOST_BYTES = 1 << 26
MOST = 2**63 - 1

T = TypeVar("T")


class NoProfileError(Exception):
    """Bytes that are no profile."""


class _Head(msgspec.Struct):
    format: str
    version: int


def read_profile(data: bytes) -> Profile:
    """The profile of some bytes. Raises NoProfileError."""
    if len(data) > MOST_BYTES:
        raise NoProfileError(f"it is longer than {MOST_BYTES >> 20} MiB, as no profile is")
    head = _decoded(data, _Head)
    if head.format != FORMAT:
        raise NoProfileError(f"its format is not {FORMAT!r}; `flux run --profile` writes profiles")
    if head.version != VERSION:
        raise NoProfileError(
            f"it is a profile of version {head.version}, and this Flux reads version {VERSION};"
            " take it anew with this Flux"
        )
    profile = _decoded(data, Profile)
    if not _is_countable(msgspec.to_builtins(profile)):
        raise NoProfileError("no profile: a number in it is negative, or too large for a count")
    return profile


def _decoded(data: bytes, form: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=form)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NoProfileError(f"no profile: {error}") from None


def _is_countable(value: object) -> bool:
    """Whether all numbers in a value can be counts or times."""
    match value:
        case dict():
            return all(map(_is_countable, value.values()))
        case list() | tuple():
            return all(map(_is_countable, value))
        case int() | float():
            return 0 <= value <= MOST
        case _:
            return True

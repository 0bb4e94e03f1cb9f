"""The wire format of protocol buffers, as far as pprof's profiles need it.

A message is a row of fields; a field is its number with its kind, and then a varint, or a length
and so many bytes. Fields with the value 0 may be left out, and so they are.
"""

from collections.abc import Iterable

_VARINT, _BYTES = 0, 2
_MOST = 2**63 - 1


def varint(value: int) -> bytes:
    """A number that isn't negative, seven bits to a byte, the lowest first."""
    out = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def number(field: int, value: int) -> bytes:
    """A field with a number."""
    return varint(field << 3 | _VARINT) + varint(min(value, _MOST)) if value else b""


def text(field: int, value: bytes) -> bytes:
    """A field with bytes: a string or a message."""
    return varint(field << 3 | _BYTES) + varint(len(value)) + value


def numbers(field: int, values: Iterable[int]) -> bytes:
    """A field with numbers, packed."""
    return text(field, b"".join(varint(min(value, _MOST)) for value in values))

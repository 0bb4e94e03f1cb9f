"""The parts of a page that a client asks for (RFC 9110, 14)."""

import re

_FIELD = re.compile(r"bytes=(.*)", re.IGNORECASE)
_SPEC = re.compile(r"([0-9]+)-([0-9]*)|-([0-9]+)")
_LARGEST = 10**18  # what is more lies beyond any page, too
_MOST = 16  # ranges of one request: who asks for more gets the whole

Range = tuple[int, int]  # where it starts, and how many bytes it has


def read_ranges(fields: tuple[str, ...], size: int) -> list[Range] | None:
    """The ranges that there are of those asked for, perhaps none; None to give the whole.

    The whole it is for what is no list of ranges of bytes, for too many, and for ranges that
    together are longer than the whole.
    """
    match = _FIELD.fullmatch(fields[0]) if len(fields) == 1 else None
    if match is None:
        return None
    specs = [spec for spec in (spec.strip(" \t") for spec in match[1].split(",")) if spec]
    if not 0 < len(specs) <= _MOST:  # first, for an attacker sends thousands
        return None
    ranges = []
    for spec in map(_SPEC.fullmatch, specs):
        if spec is None or (spec[2] and _number(spec[2]) < _number(spec[1])):
            return None
        ranges.append(_range(spec, size))
    there = [(start, length) for start, length in ranges if length > 0]
    return there if sum(length for _, length in there) <= size else None


def _range(spec: re.Match[str], size: int) -> Range:
    if spec[3]:
        length = min(_number(spec[3]), size)
        return size - length, length
    start = _number(spec[1])
    end = min(_number(spec[2]) + 1, size) if spec[2] else size
    return start, end - start


def _number(digits: str) -> int:
    """They may be more than any type holds, or than Python reads (RFC 9110, 14.1.1)."""
    significant = digits.lstrip("0")
    few = len(significant) < len(str(_LARGEST))
    return int(significant or "0") if few else _LARGEST

"""Numbers to try, as people write them: `1,2,4`, `50:1000:50`, `4:16`, and lists of these."""

import re
from collections.abc import Iterator
from fractions import Fraction

MOST = 10_000
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,9})?", re.ASCII)
_BELOW = re.compile(r"-[\d.]{1,22}", re.ASCII)
_FORM = "write numbers as 1,2,4, or FROM:TO:STEP as 50:1000:50"


class RangeError(Exception):
    """A text that gives no numbers; the message says where, and what to write."""


def numbers(text: str) -> tuple[float, ...]:
    """The numbers, each once, smallest first.

    Raises:
        RangeError: The text gives none, or too many.
    """
    found: set[Fraction] = set()
    for part in text.split(","):
        found.update(_part(part.strip(), text))
        if len(found) > MOST:
            raise RangeError(f"{text!r} means more than {MOST:,} numbers")
    return tuple(float(each) for each in sorted(found))


def whole(text: str) -> tuple[int, ...]:
    """The same for what there is no half of.

    Raises:
        RangeError: One of them isn't whole, or there are none.
    """
    found = numbers(text)
    for each in found:
        if not each.is_integer():
            raise RangeError(f"{each:g} in {text!r} isn't a whole number")
    return tuple(int(each) for each in found)


def _part(part: str, text: str) -> Iterator[Fraction]:
    """What stands between two commas."""
    if not part:
        raise RangeError(f"a number is missing in {text!r}: {_FORM}")
    ends = [_number(each.strip(), text) for each in part.split(":")]
    match ends:
        case [one]:
            yield one
        case [first, last]:
            yield from _steps(first, last, Fraction(1), part)
        case [first, last, step]:
            yield from _steps(first, last, step, part)
        case _:
            raise RangeError(f"{part!r} has too many colons: {_FORM}")


def _steps(first: Fraction, last: Fraction, step: Fraction, part: str) -> Iterator[Fraction]:
    if last < first:
        raise RangeError(f"{part!r} ends before it begins: write the smaller number first")
    if (last - first) / step >= MOST:
        raise RangeError(f"{part!r} means more than {MOST:,} numbers: take a larger step")
    yield from (first + step * place for place in range(int((last - first) / step) + 1))


def _number(word: str, text: str) -> Fraction:
    if _BELOW.fullmatch(word):
        raise RangeError(f"{word} in {text!r} is too small: all must be more than nothing")
    if not _NUMBER.fullmatch(word):
        raise RangeError(f"{word!r} in {text!r} is no number: {_FORM}")
    if not (value := Fraction(word)):
        raise RangeError(f"0 in {text!r} is too small: all must be more than nothing")
    return value

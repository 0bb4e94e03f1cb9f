"""Which encoded form of a page a client likes best (RFC 9110, 12.5.3)."""

import re
from collections.abc import Iterable, Sequence

_ELEMENT = re.compile(
    r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]*;[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
)
_IDENTITY = ""
_SAME = {"x-gzip": "gzip", "identity": _IDENTITY}


def best_coding(there: Sequence[str], accepted: Iterable[str]) -> str:
    """The best of the codings that there are, in the order of our own liking.

    The plain form is for who accepts nothing else, and for who likes it better.
    """
    weights = _weights(accepted)
    other = weights.get("*", 0)
    best, most = _IDENTITY, weights.get(_IDENTITY, 0)
    for coding in there:
        weight = weights.get(coding, other)
        if coding != _IDENTITY and weight > 0 and weight >= most:
            if weight == most and best != _IDENTITY:
                continue
            best, most = coding, weight
    return best


def _weights(accepted: Iterable[str]) -> dict[str, int]:
    """Codings with their weights in thousandths; what can't be read is not there."""
    weights: dict[str, int] = {}
    for field in accepted:
        for element in field.split(","):
            match = _ELEMENT.fullmatch(element.strip(" \t"))
            if match is not None:
                name = match[1].lower()
                weights.setdefault(_SAME.get(name, name), _thousandths(match[2] or "1"))
    return weights


def _thousandths(text: str) -> int:
    whole, _, rest = text.partition(".")
    return int(whole) * 1000 + int(rest.ljust(3, "0"))

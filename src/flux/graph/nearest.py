"""Suggestions for misspelt names."""

from collections.abc import Collection
from difflib import get_close_matches

MOST_NAMES = 3000


def did_you_mean(name: str, known: Collection[str]) -> str:
    """`did you mean ...?` for the nearest known name, or nothing when none is near.

    In very large programs only names of the same length, give or take one, are compared.
    """
    if len(known) > MOST_NAMES:
        known = [other for other in known if other[:1] == name[:1] and _near(name, other)]
    by_lower = {other.lower(): other for other in known if other != name}
    found = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.7)
    return f"did you mean `{by_lower[found[0]]}`?" if found else ""


def _near(name: str, other: str) -> bool:
    return abs(len(name) - len(other)) <= 1

"""The paths of a profile as text, those that took the most time first."""

from collections.abc import Mapping
from typing import Any

MS = 1_000_000
HEAD = f"{'flows':>12} {'total ms':>14} {'mean ms':>12}  {'outcome':8}  path\n"


def as_text(profile: Mapping[str, Any]) -> str:
    """A line for each path."""
    paths = sorted(profile["paths"], key=lambda path: path["wall"]["total"], reverse=True)
    return HEAD + "".join(map(_line, paths))


def _line(path: Mapping[str, Any]) -> str:
    total = path["wall"]["total"] / MS
    mean = total / path["count"]
    return (
        f"{path['count']:12} {total:14.3f} {mean:12.3f}  {path['outcome']:8}"
        f"  {path['source']}: {path['name']}\n"
    )

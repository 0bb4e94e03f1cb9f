"""The user's own libraries among the flags of a link: files that may change as sources do.

What the linker finds in the system's folders is part of the system, as its headers are.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

_SEARCHED = re.compile(r"(?:^|\0)-L\0?([^\0]+)")
_NAMED = re.compile(r"(?:^|\0)-l\0?([^\0]+)")


def own_libraries(ldflags: Sequence[str], folder: Path) -> Iterator[Path]:
    """The files that are named, and those that `-l` means in the folders of `-L`."""
    whole = "\0".join(ldflags)
    for searched, name in product(_SEARCHED.findall(whole), _NAMED.findall(whole)):
        yield from _files(folder / searched / f"lib{name}{suffix}" for suffix in (".so", ".a"))
    yield from _files(folder / flag for flag in ldflags if not flag.startswith("-"))


def _files(candidates: Iterator[Path]) -> Iterator[Path]:
    return (file for file in candidates if file.is_file())

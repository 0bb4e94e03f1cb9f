"""Media types by the ending of a name."""

from collections.abc import Iterable, Mapping
from string import ascii_lowercase, ascii_uppercase

_UNKNOWN = "application/octet-stream"
_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)  # `lower` knows letters beyond ASCII


def read_types(lines: Iterable[str]) -> dict[str, str]:
    """Types by ending, out of lines like `image/jpeg jpeg jpg`; `#` begins a comment."""
    types: dict[str, str] = {}
    for line in lines:
        kind, *endings = line.partition("#")[0].split() or [""]
        types.update(dict.fromkeys(endings, kind))
    return types


def type_of(name: str, types: Mapping[str, str]) -> str:
    """The type of a file by its name; texts are taken to be UTF-8."""
    _, dot, ending = name.rpartition("/")[2].rpartition(".")
    kind = types.get(ending.translate(_SMALL), _UNKNOWN) if dot else _UNKNOWN
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

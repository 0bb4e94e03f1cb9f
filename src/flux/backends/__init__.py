"""Code generators: the built-in ones, and others by entry point.

A package adds a target with an entry point of the group `flux.backends`, whose object is a
`Backend`, or a class that makes one without arguments:

    [project.entry-points."flux.backends"]
    erlang = "flux_erlang:BACKEND"
"""

from typing import TYPE_CHECKING, cast

from flux.backends.base import Artifact, Backend
from flux.backends.cpp import CppBackend
from flux.backends.python import PythonBackend

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ALL: tuple[Backend, ...] = (PythonBackend(), CppBackend())
GROUP = "flux.backends"

__all__ = ["ALL", "Artifact", "Backend", "backend", "targets"]


def backend(target: str) -> Backend:
    """The back end of a target. Raises LookupError, naming the known ones."""
    for known in ALL:
        if known.name == target:
            return known
    for entry in _others():
        if entry.name == target:
            found = entry.load()
            return cast("Backend", found() if isinstance(found, type) else found)
    raise LookupError(f"no target `{target}`: known are {', '.join(targets())}")


def targets() -> tuple[str, ...]:
    """The names of all targets that are installed."""
    return (*(known.name for known in ALL), *sorted(entry.name for entry in _others()))


def _others() -> "tuple[EntryPoint, ...]":
    from importlib.metadata import entry_points  # noqa: PLC0415 - a sixth of the time of a check

    return tuple(entry_points(group=GROUP))

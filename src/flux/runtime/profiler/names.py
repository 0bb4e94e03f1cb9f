"""The names of paths, and the cases on them, each found once."""

from collections.abc import Sequence
from typing import NamedTuple

from flux.runtime.paths import Paths
from flux.runtime.profiler.counts import PathKey
from flux.runtime.program import Source


class Way(NamedTuple):
    """What a path's number stands for; `cases` are pairs of a node and the case chosen."""

    name: str
    cases: tuple[tuple[str, str], ...] = ()


UNNUMBERED = Way("(no number)")


class Names:
    """What paths are called, as long as there are no more than a profile keeps."""

    def __init__(self, paths: Paths, sources: Sequence[Source]) -> None:
        self._paths = paths
        self._sources = {source.name: source for source in sources}
        self._known: dict[tuple[str, int], Way] = {}

    def way(self, key: PathKey) -> Way:
        """The name and the cases of a path."""
        if key.path is None:
            return UNNUMBERED
        known = self._known.get((key.source, key.path))
        if known is None:
            known = self._known[key.source, key.path] = self._find(key.source, key.path)
        return known

    def _find(self, source: str, path: int) -> Way:
        parts = self._paths.parts(self._sources[source], path)
        cases = tuple((part.node, part.case) for part in parts if part.case)
        return Way(" -> ".join(part.text for part in parts), cases)

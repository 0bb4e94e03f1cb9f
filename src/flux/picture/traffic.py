"""How many flows took each line of a picture: the paths of a profile, followed through it.

A path's name lists what it runs: `Listen -> Handler:[_, hit] -> Write fails -> HangUp`. From its
source on, each name decides where it goes, so each count belongs to exact lines, also where a
node is drawn twice. Flows whose path has no number can't be followed, nor can paths with another
name than the program gives them; they are counted nowhere.
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from flux.picture.scene import Box, Frame, Line, Scene, Use, Way
from flux.profile.model import Profile


class _LostError(Exception):
    """A path that the picture doesn't have."""


class _FailedError(Exception):
    """A failure that no handler inside has taken."""


class _OverError(Exception):
    """The flow has ended in a handler."""


def traffic(scene: Scene, profile: Profile) -> Counter[str]:
    """The flows along each line, by its id."""
    counts: Counter[str] = Counter()
    for path in profile.paths:
        if path.path is not None and path.source in scene.sources:
            for line in _followed(scene, path.source, path.name):
                counts[line] += path.count
    return counts


def _followed(scene: Scene, source: str, name: str) -> Sequence[str]:
    """The lines that one path takes; none if it gets lost."""
    walk = _Walk(scene, name.split(" -> "))
    try:
        walk.way(scene.sources[source])
    except (_OverError, _FailedError):
        return walk.lines
    except _LostError:
        return []
    return walk.lines


class _Walk:
    """One path on its way through the picture."""

    def __init__(self, scene: Scene, names: list[str]) -> None:
        self.scene = scene
        self.names: Iterator[str] = iter(names)
        self.lines: list[str] = []

    def way(self, way: Way) -> None:
        """Through one case of a frame."""
        into = [None] * (len(way.uses) - len(way.into)) + way.into
        # A source's turn comes before the first line; elsewhere each use has one before it.
        for line, use in zip(into, way.uses, strict=True):
            self._take(line)
            self._use(use)
        self._take(way.out)

    def _use(self, use: Use) -> None:
        try:
            if isinstance(use, Box):
                self._box(use)
            else:
                self._frame(use)
        except _FailedError:
            if use.id not in self.scene.handlers:
                raise
            line, handler = self.scene.handlers[use.id]
            self._take(line)
            self._use(handler)
            raise _OverError from None

    def _box(self, box: Box) -> None:
        name = self._next()
        if name == f"{box.name} fails":
            raise _FailedError
        if name != box.name:
            raise _LostError

    def _frame(self, frame: Frame) -> None:
        if frame.ways[0].case is None:
            self.way(frame.ways[0])
            return
        self._entered(frame)
        name = self._next()
        if name.startswith(f"{frame.name}:") and name.endswith(" can't be tested"):
            raise _FailedError
        if name == f"{frame.name}: no match":
            raise _FailedError
        for way in frame.ways:
            if name == f"{frame.name}:{way.case}":
                self.way(way)
                return
        raise _LostError

    def _entered(self, frame: Frame) -> None:
        """Take the line from the frame's border to its choice."""
        for line in frame.lines:
            if line.start == frame.id:
                self._take(line)
                return

    def _take(self, line: Line | None) -> None:
        if line is not None:
            self.lines.append(line.id)

    def _next(self) -> str:
        name = next(self.names, None)
        if name is None:
            raise _LostError
        return name

"""How many flows took each line of a picture: the paths of a profile, followed through it.

A path's name lists what it runs: `Listen -> Handler:[_, hit] -> Write fails -> HangUp`. From its
source on, each name decides where it goes, so each count belongs to exact lines, also where a
node is drawn twice. Flows whose path has no number can't be followed, nor can paths with another
name than the program gives them; they are counted nowhere.
"""

from collections import Counter
from contextlib import suppress

from flux.picture.scene import SESSION, Box, Carries, Frame, Line, Scene, Use, Way
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
            for line in followed(scene, path.source, path.name) or ():
                counts[line] += path.count
    return counts


def followed(scene: Scene, source: str, name: str) -> list[str] | None:
    """The lines that one path takes, or None if the picture has no such path."""
    walk = _Walk(scene, name.split(" -> "))
    try:
        walk.way(scene.sources[source])
    except (_OverError, _FailedError):
        pass
    except _LostError:
        return None
    return None if walk.names else walk.lines


class _Walk:
    """One path on its way through the picture."""

    def __init__(self, scene: Scene, names: list[str]) -> None:
        self.scene = scene
        self.names = names[::-1]
        self.lines: list[str] = []

    def way(self, way: Way) -> None:
        """Through one case of a frame."""
        into = [None] * (len(way.uses) - len(way.into)) + way.into
        # A source's turn comes before the first line; elsewhere each use has one before it.
        for line, use in zip(into, way.uses, strict=True):
            if self._session_fails(line):
                self._fail(way.uses[0])
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
            self._fail(use)

    def _fail(self, use: Use) -> None:
        """Go on in the handler of a use that has failed, or fail what is around it."""
        if use.id not in self.scene.handlers:
            raise _FailedError
        line, handler = self.scene.handlers[use.id]
        self._take(line)
        with suppress(_FailedError):  # handlers around don't care for what fails in a handler
            self._use(handler)
        raise _OverError

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

    def _session_fails(self, line: Line | None) -> bool:
        """Whether the function that tells the session of a line fails."""
        if line is None or line.carries is not Carries.SESSION:
            return False
        if self.names[-1:] != [f"{line.text.removeprefix(SESSION)} fails"]:
            return False
        self._next()
        return True

    def _take(self, line: Line | None) -> None:
        if line is not None:
            self.lines.append(line.id)

    def _next(self) -> str:
        if not self.names:
            raise _LostError
        return self.names.pop()

"""Profiles of the server that `image_model` is of."""

from measured.image import SECOND, image_profile, spread

from flux.profile.histogram import EMPTY
from flux.profile.model import Constraint, Node, Path, Source

MS = 1_000_000


def measured_profile(count=1000, mean=32 * MS, elapsed=10 * SECOND, **changes):
    """What it may have told after ten seconds, if flows took so long."""
    few = count * 3 // 10
    return image_profile(
        elapsed=elapsed,
        cpu=elapsed * 3 // 4,
        paths=(
            _path(0, "Listen -> Check -> Send", count - few, mean * 2 // 3),
            _path(1, "Listen -> Check -> Compress -> Send", few, mean * 16 // 9),
        ),
        nodes=(_node("Check", count, MS), _node("Compress", few, 30 * MS)),
        constraints=(
            Constraint(
                "cache", "writer", "program", count, count // 10, spread(count // 10, MS), EMPTY
            ),
        ),
        cases=(),
        sources=(Source("Listen", "Image", count, 0, spread(count, 10 * MS)),),
        **changes,
    )


def _path(number, name, count, wall):
    times = spread(count, wall)
    return Path("Listen", number, name, "finished", count, times, EMPTY, EMPTY, spread(9, wall))


def _node(name, calls, wall):
    return Node(name, "node", calls, 0, spread(calls, wall), spread(calls // 64, wall))

"""What is said of a prediction beside its profile: whether the model holds, and if not, where."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from flux.simulation.prediction.compared import Row
from flux.simulation.prediction.replay import ALL, Replay, misses

MOST_NAMED = 3
OF_PATH = " of path"


def verdict(replay: Replay) -> str:
    """How far off it is, and whether that is near enough."""
    if not replay.rows:
        return (
            "Simulated as it was measured, flows come faster than they can end: what was"
            " calibrated is wrong, or the profile is of a server that was overloaded."
        )
    whole = ", ".join(map(_off, _judged(replay, of_all=True)))
    missed = misses(replay)
    if not missed:
        return f"The model holds: {whole}. {_nearest(replay)}"
    if all(row.is_within for row in missed):
        return (
            f"The prediction is too unsure to be compared with what was measured: {whole}, and what"
            " is too far off is within its interval. Profile for longer, or give more --runs and"
            " --flows."
        )
    if any(row.about == ALL for row in missed):
        return (
            f"The model doesn't hold: {whole}. {_worst(replay)}Don't trust it for other settings:"
            " profile for longer and at a lower load, with nothing else on the machine."
        )
    return (
        f"The model holds for all flows together ({whole}), but not for each path. {_worst(replay)}"
        "Don't trust what it says of these."
    )


def paths_by_strain(replay: Replay) -> list[tuple[Row, ...]]:
    """The rows of each path, those furthest off first, of what is allowed; then the most taken."""
    rows = [row for row in replay.rows if OF_PATH in row.about]
    paths = [tuple(group) for _, group in groupby(rows, key=lambda row: row.name)]
    return sorted(paths, key=lambda path: (-_strain(path), -path[0].measured))


def _strain(path: Iterable[Row]) -> float:
    return max((row.strain for row in path), default=0.0)


def _judged(replay: Replay, *, of_all: bool) -> list[Row]:
    judged = (row for row in replay.rows if row.allowed is not None)
    return [row for row in judged if (row.about == ALL) == of_all]


def _nearest(replay: Replay) -> str:
    """How many paths were judged, and which is the furthest off."""
    judged = _judged(replay, of_all=False)
    if not judged:
        return "No path has flows enough to be judged by itself."
    row = max(judged, key=lambda row: row.strain)
    count = len({each.name for each in judged})
    which = "The one path" if count == 1 else f"Each of the {count} paths"
    return f"{which} with flows enough does so, too; furthest off is `{row.name}`: {_off(row)}."


def _worst(replay: Replay) -> str:
    """The paths that are too far off, the worst first, and in what."""
    paths = [[row for row in path if row.is_miss] for path in paths_by_strain(replay)]
    wrong = [path for path in paths if path]
    if not wrong:
        return ""
    more = len(wrong) - MOST_NAMED
    tail = f" and {more} more" if more > 0 else ""
    return f"Too far off: {'; '.join(_named(wrong[:MOST_NAMED]))}{tail}. "


def _named(paths: Sequence[Sequence[Row]]) -> Iterator[str]:
    for path in paths:
        yield f"`{path[0].name}` ({', '.join(map(_off, path))})"


def _off(row: Row) -> str:
    name = row.name if row.about == ALL else row.about.removesuffix(OF_PATH)
    return f"{name} {100 * (row.off or 0.0):+.1f}%"

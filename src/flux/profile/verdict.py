"""Where the time of the hottest path goes, in a sentence for those who see a profile first."""

from collections.abc import Iterator

from flux.profile.model import Path, Profile
from flux.profile.ranking import FEW, parked_on, path_weight, ranked
from flux.profile.stacks import labels, spent_in_nodes
from flux.profile.units import percent

MUCH = 0.35
"""What has less of a path's time is not why the path is hot."""


def verdict(profile: Profile) -> str:
    """The path with the most time, and why it has so much."""
    whole = sum(path.wall.total for path in profile.paths)
    if not whole:
        return "No flow has ended yet: there is no time to show."
    hottest = ranked(profile.paths, lambda path: path.wall.total)[0]
    share = percent(hottest.wall.total, whole)
    reasons = "; ".join((*_reasons(profile, hottest), *_node(profile, hottest)))
    why = f" Of that, {reasons}." if reasons else ""
    return f"{share} of all time goes to one path {_which(hottest)}.{why}"


def _which(path: Path) -> str:
    """What tells a path from others: its cases and failures, or only where it begins."""
    chosen = ", ".join(labels(path))
    return f"({chosen})" if chosen else f"from {path.source}"


def _reasons(profile: Profile, path: Path) -> Iterator[str]:
    about = "about " if path.cpu.count < FEW else ""
    parts = [
        (path_weight(path, "cpu"), about, "processor time"),
        (path.waiting.total, "", f"waiting for constraints{_most_awaited(profile)}"),
        (path.queued.total, "", "waiting to be taken up"),
        (parked_on(path), about, "parked or I/O"),
    ]
    for time, some, word in ranked(parts, lambda part: part[0]):
        if time >= MUCH * path.wall.total:
            yield f"{some}{percent(time, path.wall.total)} is {word}"


def _most_awaited(profile: Profile) -> str:
    awaited = ranked(profile.constraints, lambda each: each.waiting.total)[:1]
    return "".join(f", above all `{each.constraint}`" for each in awaited)


def _node(profile: Profile, path: Path) -> Iterator[str]:
    """The node that has most of it."""
    for node, time in ranked(spent_in_nodes(profile, path), lambda part: part[1])[:1]:
        if time >= MUCH * path.wall.total:
            about = "" if path.spent else "about "
            yield f"{about}{percent(time, path.wall.total)} is spent in {node}"

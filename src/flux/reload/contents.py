"""What files contain: a file that was only touched has not changed."""

from collections.abc import Iterable, Mapping

from flux.toolchain.stamps import Stamp, stamp, unchanged

Contents = Mapping[str, Stamp | None]
"""What files were like; None stands for one that wasn't there."""


def contents(paths: Iterable[str]) -> Contents:
    """What files are like now."""
    return {path: _stamp(path) for path in paths}


def changed(then: Contents) -> list[str]:
    """The files that aren't what they were."""
    return [path for path, before in then.items() if not _is(path, before)]


def missing(paths: Iterable[str]) -> bool:
    """Whether a file isn't there."""
    return any(_stamp(path) is None for path in paths)


def _is(path: str, before: Stamp | None) -> bool:
    return _stamp(path) is None if before is None else unchanged({path: before})


def _stamp(path: str) -> Stamp | None:
    try:
        return stamp(path)
    except OSError:
        return None

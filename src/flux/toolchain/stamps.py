"""Stamps: whether a file is still what it was when something was made of it.

A stamp is a file's size, its time of change, and a digest of its contents. If size and time agree
nothing is read; if they don't the contents decide, so that a file that was only touched counts as
the same. A file that had just been changed when it was stamped might change once more within the
same tick of the file system's clock: its stamp has no time, and its contents decide always.

A folder's contents are the names in it.
"""

import hashlib
import os
import stat
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

TICK = 2_000_000_000  # of the coarsest file systems, in nanoseconds
NEVER = -1


class Stamp(NamedTuple):
    """What a file was like."""

    size: int
    changed: int
    digest: str


def stamp(path: str) -> Stamp:
    """What a file is like now. Raises OSError if it can't be read."""
    status = os.stat(path)  # noqa: PTH116 - pathlib would take longer than the rest
    settled = status.st_mtime_ns < time.time_ns() - TICK
    return Stamp(status.st_size, status.st_mtime_ns if settled else NEVER, _digest(path, status))


def stamps(paths: Iterable[str]) -> dict[str, Stamp]:
    """What some files are like now. Raises OSError if one can't be read."""
    return {path: stamp(path) for path in paths}


def unchanged(then: Mapping[str, Stamp]) -> bool:
    """Whether all files are what they were."""
    return all(_is(path, of_file) for path, of_file in then.items())


def _is(path: str, then: Stamp) -> bool:
    try:
        status = os.stat(path)  # noqa: PTH116 - see above
        if (status.st_size, status.st_mtime_ns) == (then.size, then.changed):
            return True
        return _digest(path, status) == then.digest
    except OSError:
        return False


def _digest(path: str, status: os.stat_result) -> str:
    if stat.S_ISDIR(status.st_mode):
        return digest_of("\0".join(sorted(os.listdir(path))))  # noqa: PTH208 - see above
    with open(path, "rb") as file:  # noqa: PTH123 - see above
        return hashlib.sha256(file.read()).hexdigest()


def digest_of(*texts: str) -> str:
    """A key made of texts, which may hold any bytes of file names."""
    whole = hashlib.sha256()
    for text in texts:
        data = text.encode(errors="surrogateescape")
        whole.update(b"%d:%b" % (len(data), data))
    return whole.hexdigest()[:32]

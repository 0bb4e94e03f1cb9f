"""The cache: a folder of what was built, bounded, which may be deleted at any time.

    manifests/KEY        what a command led to
    generated/KEY/       the sources of that command's program, beside which objects are compiled
    objects/KEY          a compiled file, by its contents, its headers' and its command
    headers/KEY          which headers a file included when it was last compiled
    programs/KEY/NAME    a binary, by its objects
    engines/KEY/         libflux.a, libflux-fibers.so or the HTTP codec for Python, by the
                         engine's sources
    locks/KEY            held by who builds

But for the generated sources, which one builder at a time may write, an entry never changes: it
is made elsewhere and then takes its name, so that half an entry never counts. The entries that
were not used for longest go first.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

MOST_BYTES = 1 << 30
MOST_PROGRAMS = 200
ABANDONED = 3600.0  # seconds after which a draft belongs to a builder that was killed

KINDS = ("manifests", "generated", "objects", "headers", "programs", "engines")


def cache_folder() -> Path:
    """Where this user's cache is: `FLUX_CACHE`, else as the XDG directories say."""
    if given := os.environ.get("FLUX_CACHE"):
        return Path(given).absolute()
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / "flux"


class Cache:
    """What was built, by kind and key."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def entry(self, kind: str, key: str) -> Path:
        """Where an entry is, or is to be."""
        return self._root / kind / key

    def folder(self, kind: str, key: str) -> Path:
        """A folder that its builder may change."""
        folder = self._folder(kind) / key
        folder.mkdir(exist_ok=True)
        os.utime(folder)
        return folder

    def used(self, entry: Path) -> bool:
        """Whether an entry is there; then it counts as used just now, unless all is read-only."""
        with suppress(OSError):
            os.utime(entry)
            return True
        return entry.exists()

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """A folder to make entries in, which doesn't last."""
        folder = self._folder("drafts") / os.urandom(8).hex()
        folder.mkdir()
        try:
            yield folder
        finally:
            _remove(folder)

    def keep(self, draft: Path, kind: str, key: str) -> Path:
        """Make an entry of a file or a folder that is whole."""
        entry = self._folder(kind) / key
        try:
            draft.replace(entry)
        except OSError:
            if not entry.is_dir():  # else somebody has made the same folder meanwhile
                raise
        return entry

    def write(self, kind: str, key: str, text: str) -> Path:
        """Make an entry of a text."""
        with self.draft() as folder:
            file = folder / key
            file.write_text(text, encoding="utf-8", errors="surrogateescape")
            return self.keep(file, kind, key)

    @contextmanager
    def locked(self, key: str) -> Iterator[None]:
        """Be the only builder of something; the lock goes with its holder, whatever happens."""
        with (self._folder("locks") / key).open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def trim(self, most_bytes: int = MOST_BYTES, most_programs: int = MOST_PROGRAMS) -> None:
        """Remove what was not used for longest, down to the bounds."""
        self._remove_abandoned()
        size = programs = 0
        for _, entry in sorted(self._ages(), reverse=True):
            size += _size(entry)
            programs += entry.parent.name == "programs"
            if size > most_bytes or (programs > most_programs and entry.parent.name == "programs"):
                _remove(entry)

    def clear(self) -> None:
        """Remove everything."""
        for kind in (*KINDS, "drafts", "locks"):
            _remove(self._root / kind)

    def size(self) -> int:
        """How many bytes there are."""
        return sum(_size(entry) for _, entry in self._ages())

    def _folder(self, name: str) -> Path:
        folder = self._root / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _ages(self) -> Iterator[tuple[float, Path]]:
        for kind in KINDS:
            with suppress(OSError):
                for entry in (self._root / kind).iterdir():
                    with suppress(OSError):
                        yield entry.stat().st_mtime, entry

    def _remove_abandoned(self) -> None:
        for draft in self._folder("drafts").iterdir():
            with suppress(OSError):
                if draft.stat().st_mtime < time.time() - ABANDONED:
                    _remove(draft)


def _size(entry: Path) -> int:
    with suppress(OSError):
        files = entry.rglob("*") if entry.is_dir() else [entry]
        return sum(file.stat().st_size for file in files)
    return 0


def _remove(entry: Path) -> None:
    with suppress(OSError):
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink()

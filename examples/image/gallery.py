"""The folder of pictures: `name` is the file `name.ppm` in it.

Nothing outside the folder is given, whatever a name or a symbolic link says: the place that a
name leads to, links followed, must lie in the folder, and is then opened without following any.
Whoever may rename things in the folder while it is being read is trusted.
"""

import os
from dataclasses import dataclass
from errno import EACCES, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

import ppm

_ABSENT = {EACCES, EISDIR, ELOOP, ENAMETOOLONG, ENOENT, ENOTDIR}


class NoPictureError(Exception):
    """There is no picture of that name."""


@dataclass(frozen=True, slots=True)
class Version:
    """A state of a file: another content, or another file, has another version."""

    inode: int
    size: int
    modified: int


class Gallery:
    """The pictures in a folder, none of more than `max_pixels`."""

    def __init__(self, root: Path = Path(), max_pixels: int = 0) -> None:
        self.root = root
        self.max_pixels = max_pixels

    def version(self, name: str) -> Version | None:
        """The version of a picture as it is now; None if there seems to be none."""
        try:
            found = os.stat(self._path(name))  # noqa: PTH116 - on every request, half Path's time
        except (OSError, ValueError):
            return None
        return Version(found.st_ino, found.st_size, found.st_mtime_ns)

    def read(self, name: str) -> ppm.Pixels:
        """The pixels of a picture; NoPictureError, or ppm.BadPictureError."""
        with self._open(name) as file:
            if not S_ISREG(os.fstat(file.fileno()).st_mode):
                raise NoPictureError(f"{name} is no file")
            return ppm.read(file, self.max_pixels)

    def _open(self, name: str) -> BinaryIO:
        try:
            return open(self._place(name), "rb", opener=_open_no_link)
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno not in _ABSENT:
                raise
            raise NoPictureError(f"{name} is not there") from error

    def _place(self, name: str) -> str:
        """Where a name leads to, all links followed."""
        place = os.path.realpath(self._path(name), strict=True)
        if not Path(place).is_relative_to(os.path.realpath(self.root)):
            raise NoPictureError(f"{name} is outside the folder")
        return place

    def _path(self, name: str) -> str:
        return f"{self.root}/{name}.ppm"


def _open_no_link(path: str, flags: int) -> int:
    # Without O_NONBLOCK the opening of a named pipe would wait for a writer.
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)

"""Files that applications answer with: `wsgi.file_wrapper`."""

import os
from collections.abc import Iterator
from functools import partial
from io import UnsupportedOperation
from stat import S_ISREG
from typing import Protocol

_LARGE = 256 * 1024  # bytes


class Readable(Protocol):
    """What has at least a `read`."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes, none at the end."""
        ...


class FileWrapper:
    """A file's bytes, some at a time; it has the file's `close`, if there is one.

    A regular file is read in larger blocks than the application asks for: its bytes are all there.
    """

    def __init__(self, file: Readable, block_size: int = 8192) -> None:
        self._file = file
        self._block_size = max(block_size, _LARGE) if _is_regular(file) else block_size
        if hasattr(file, "close"):
            self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        return iter(partial(self._file.read, self._block_size), b"")


def _is_regular(file: Readable) -> bool:
    try:
        return S_ISREG(os.fstat(file.fileno()).st_mode)  # type: ignore[attr-defined]
    except (AttributeError, OSError, UnsupportedOperation, ValueError):
        return False

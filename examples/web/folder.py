"""Files below a folder, and nothing outside of it.

The kernel itself keeps names inside (openat2 with RESOLVE_BENEATH, Linux 5.6): a symbolic link is
followed as long as it stays below the folder, whoever renames what meanwhile. Where there is no
openat2, a name is walked part by part, and no link is followed at all.
"""

import ctypes
import errno
import os
from dataclasses import dataclass
from stat import S_ISDIR, S_ISREG

_ABSENT = {
    errno.EACCES,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENODEV,
    errno.ENOENT,
    errno.ENOTDIR,
    errno.ENXIO,
    errno.EXDEV,
}
# Without O_NONBLOCK the opening of a named pipe would wait for a writer.
_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
_OPENAT2 = 437  # on all architectures
_NO_MAGICLINKS, _BENEATH = 0x02, 0x08
_TRIES = 10
_libc = ctypes.CDLL(None, use_errno=True)


class NotThereError(Exception):
    """There is no file of that name that may be seen."""


@dataclass(frozen=True, slots=True)
class Version:
    """A state of a file: another content, or another file, has another version."""

    inode: int
    size: int
    modified: int  # in nanoseconds since 1970
    changed: int  # the same, of anything about it


class File:
    """An open file, closed with its last user."""

    __slots__ = ("_descriptor", "is_executable", "is_folder", "version")

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        found = os.fstat(descriptor)
        self.is_folder = S_ISDIR(found.st_mode)
        self.is_executable = bool(found.st_mode & 0o111) and not self.is_folder
        self.version = _version(found)
        if not (self.is_folder or S_ISREG(found.st_mode)):
            raise NotThereError("no regular file")

    def __del__(self) -> None:
        os.close(self._descriptor)

    def read(self, start: int, size: int) -> bytes:
        """At most so many bytes."""
        return os.pread(self._descriptor, size, start)

    def read_whole(self) -> bytes | None:
        """All bytes of this version; None if the file changes meanwhile."""
        data = self.read(0, self.version.size + 1)
        whole = len(data) == self.version.size
        return data if whole and _version(os.fstat(self._descriptor)) == self.version else None


class Folder:
    """A folder, known by its descriptor: it may be renamed."""

    def __init__(self, path: str) -> None:
        self._descriptor = os.open(path, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        self._open = _open_beneath if _has_openat2(self._descriptor) else _walk

    def __del__(self) -> None:
        if hasattr(self, "_descriptor"):
            os.close(self._descriptor)

    def open(self, name: str) -> File:
        """A file or folder by its path; NotThereError, or OSError if the system can't."""
        try:
            return File(self._open(self._descriptor, name.encode() or b"."))
        except OSError as error:
            if error.errno in _ABSENT:
                raise NotThereError(str(error)) from error
            raise


class _OpenHow(ctypes.Structure):
    _fields_ = (
        ("flags", ctypes.c_uint64),
        ("mode", ctypes.c_uint64),
        ("resolve", ctypes.c_uint64),
    )


def _open_beneath(folder: int, name: bytes) -> int:
    how = _OpenHow(_FLAGS, 0, _BENEATH | _NO_MAGICLINKS)
    for _ in range(_TRIES):
        found: int = _libc.syscall(
            _OPENAT2, folder, name, ctypes.byref(how), ctypes.c_size_t(ctypes.sizeof(how))
        )
        if found >= 0:
            return found
        if ctypes.get_errno() != errno.EAGAIN:  # somebody renames folders on the way
            break
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _has_openat2(folder: int) -> bool:
    try:
        os.close(_open_beneath(folder, b"."))
    except OSError as error:
        return error.errno not in {errno.ENOSYS, errno.EPERM}
    return True


def _walk(folder: int, name: bytes) -> int:
    *parents, last = name.split(b"/")
    here = os.dup(folder)
    try:
        for parent in parents:
            flags = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            above, here = here, os.open(parent, flags, dir_fd=here)
            os.close(above)
        return os.open(last, _FLAGS | os.O_NOFOLLOW, dir_fd=here)
    finally:
        os.close(here)


def _version(found: os.stat_result) -> Version:
    return Version(found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)

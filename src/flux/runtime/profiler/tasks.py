"""What the kernel knows of this process's threads, which it calls tasks.

It is asked by functions that keep Python's lock, so nobody takes it while it is asked.
"""

import os
import sys
from ctypes import PyDLL, c_char_p, c_int, c_long, c_size_t, create_string_buffer
from types import TracebackType
from typing import Self

if sys.platform != "win32":
    from resource import getrusage

    if sys.platform == "linux":
        from resource import RUSAGE_THREAD

MOST_FILES = 64
_LONGEST = 128


def is_supported() -> bool:
    """Whether this Python has the lock, and the system tells what is asked for here."""
    has_gil = getattr(sys, "_is_gil_enabled", lambda: True)()
    return has_gil and sys.platform == "linux" and os.path.exists("/proc/thread-self/stat")  # noqa: PTH110 - pathlib may not be loaded


def gave_up() -> int:
    """How often this thread has given up its processor by itself: to sleep, or to wait."""
    return getrusage(RUSAGE_THREAD).ru_nvcsw


class Tasks:
    """Whether threads run. Their files stay open, which spares most of what asking takes."""

    def __init__(self) -> None:
        library = PyDLL(None)
        self._open, self._read, self._close = library.open, library.pread, library.close
        self._open.argtypes = (c_char_p, c_int)
        self._read.argtypes = (c_int, c_char_p, c_size_t, c_long)
        self._read.restype = c_long
        self._buffer = create_string_buffer(_LONGEST)
        self._files: dict[int, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close_all()

    def runs(self, native: int) -> bool:
        """Whether a thread has a processor, or waits for nothing else; no, if it has ended."""
        known = native in self._files
        state = self._state(native)
        if known and not state:  # it has ended, and another may have its number
            self._close(self._files.pop(native))
            state = self._state(native)
        return state[state.rfind(b")") + 2 :][:1] == b"R"

    def _state(self, native: int) -> bytes:
        """Its line; the name in there, which is in parentheses, may hold anything."""
        size = self._read(self._file(native), self._buffer, _LONGEST, 0)
        return self._buffer.raw[: max(size, 0)]

    def _file(self, native: int) -> int:
        file = self._files.get(native)
        if file is None:
            if len(self._files) >= MOST_FILES:
                self._close_all()
            file = self._open(b"/proc/self/task/%d/stat" % native, os.O_RDONLY | os.O_CLOEXEC)
            if file >= 0:
                self._files[native] = file
        return int(file)

    def _close_all(self) -> None:
        for file in self._files.values():
            self._close(file)
        self._files.clear()

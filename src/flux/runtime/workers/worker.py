"""What a worker knows of being one: its number, and the line to its parent."""

import errno
import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket

MOST_BYTES = 1024  # of one message


class Worker:
    """One process of several; `is_first` is the one that was started before all others."""

    def __init__(self, number: int, line: "socket.socket", *, is_first: bool) -> None:
        self.number = number
        self.is_first = is_first
        self._line = line
        self._asking = threading.Lock()

    def borrow(
        self, family: int, kind: int, address: tuple[Any, ...], backlog: int
    ) -> "socket.socket":
        """A socket of this worker's own at an address that all workers have.

        Raises OSError if the parent can't make it.
        """
        import socket  # noqa: PLC0415 - whoever asks has loaded it

        with self._asking:
            self._line.send(written("open", family, kind, backlog, *address))
            text, descriptors, _, _ = socket.recv_fds(self._line, MOST_BYTES, 1)
        if descriptors:
            return socket.socket(fileno=descriptors[0])
        error = int(text or errno.EPIPE)
        raise OSError(error, os.strerror(error))

    def serves(self) -> None:
        """Say that the program has begun to serve."""
        self._tell("serves")

    def is_over(self) -> None:
        """Say that the program has ended by itself, and needs no other worker."""
        self._tell("over")

    def _tell(self, word: str) -> None:
        with suppress(BrokenPipeError):  # the parent has died: this process will soon
            self._line.send(written(word))


def written(*words: object) -> bytes:
    """A message: words and numbers, none of which has a space in it."""
    return " ".join(map(str, words)).encode()


def read(message: bytes) -> list[str]:
    """The words of a message."""
    return message.decode().split()


_own: Worker | None = None


def become(worker: Worker) -> None:
    """Let this process be a worker."""
    global _own  # noqa: PLW0603 - what a process is, it is as a whole
    _own = worker


def own() -> Worker | None:
    """What this process is as a worker; None if it is the only one."""
    return _own


def speaks_for_all() -> bool:
    """Whether this process tells what all workers would tell."""
    return _own is None or _own.is_first


def announce(text: str) -> None:
    """Print a line, such as where the server listens: of several workers, one does."""
    if speaks_for_all():
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

"""A descriptor in reserve, for the moment when the process has no more.

Without it, a connection that can't be accepted would keep the listening socket ready for ever,
and its client waiting. With it, the listener accepts it and closes it at once.
"""

import errno
import os
from contextlib import suppress

OUT_OF_DESCRIPTORS = frozenset({errno.EMFILE, errno.ENFILE})


class ReserveDescriptor:
    """One open descriptor, spent for one accept and then opened again."""

    def __init__(self) -> None:
        self._descriptor: int | None = None

    def refill(self) -> None:
        """Open the descriptor, if that is possible now."""
        if self._descriptor is None:
            with suppress(OSError):
                self._descriptor = os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)

    def spend(self) -> bool:
        """Close the descriptor; whether there was one."""
        if self._descriptor is None:
            return False
        os.close(self._descriptor)
        self._descriptor = None
        return True

"""Whether the threads of this process are fibers: the engine's shared object makes them so."""

import sys

# What the object defines, and nothing else does.
_MARK = "flux_fibers"


class MissingFibersError(RuntimeError):
    """The event runtime was asked for in a process whose threads are threads."""

    def __init__(self) -> None:
        super().__init__(
            "the event runtime needs an interpreter that was started with it: run this program as"
            f" `flux fibers {sys.argv[0] or 'PROGRAM'}`, or choose the runtime `pool`"
        )


def has_fibers() -> bool:
    """Whether threads that are started in this process are fibers."""
    import ctypes  # noqa: PLC0415 - seldom needed, and slow to import

    return sys.platform == "linux" and hasattr(ctypes.CDLL(None), _MARK)


def require_fibers() -> None:
    """Go on only where threads are fibers.

    Raises:
        MissingFibersError: They are threads.
    """
    if not has_fibers():
        raise MissingFibersError

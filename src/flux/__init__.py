"""Flux: concurrent servers as a picture of data flow (Burns et al., USENIX 2006).

The compiler is loaded only when it is asked for, so that `import flux` costs a
generated program, or a node that wants `flux.current_error()`, next to nothing.
"""

from typing import TYPE_CHECKING, Any

from flux.version import __version__

if TYPE_CHECKING:
    from flux.api import LoadedProgram, ProgramError, load
    from flux.runtime import announce, current_error, join_trace, traceparent

__all__ = [
    "LoadedProgram",
    "ProgramError",
    "__version__",
    "announce",
    "current_error",
    "join_trace",
    "load",
    "traceparent",
]

_FOR_NODES = ("announce", "current_error", "join_trace", "traceparent")


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    if name in _FOR_NODES:
        from flux import runtime  # noqa: PLC0415 - only when it is asked for

        return getattr(runtime, name)
    if name in __all__:
        from flux import api  # noqa: PLC0415 - the same

        return getattr(api, name)
    raise AttributeError(f"module `flux` has no attribute `{name}`")

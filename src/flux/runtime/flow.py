"""One live data flow, and the error that its handler may ask for."""

from collections.abc import Callable, Hashable
from contextvars import ContextVar

from flux.runtime.errors import FlowEnded, NoMatch

_error: ContextVar[Exception | None] = ContextVar("the error being handled", default=None)


def current_error() -> Exception | None:
    """The error that the running handler handles; None outside of handlers."""
    return _error.get()


class Flow:
    """What one turn of a source started: its path so far, and its session."""

    __slots__ = ("path", "session")

    def __init__(self) -> None:
        self.path = 0
        self.session: Hashable = None

    def handle(
        self, error: Exception, handler: Callable[..., object], *inputs: object
    ) -> FlowEnded:
        """Run a handler with the failed node's inputs; give the end of the flow, to be raised.

        A failure of the handler itself is nobody else's to handle.
        """
        token = _error.set(error)
        try:
            handler(*inputs)
        except FlowEnded as ended:
            return ended
        except Exception as failure:  # noqa: BLE001 - a handler is a node, and may raise anything
            return FlowEnded(failure)
        finally:
            _error.reset(token)
        return FlowEnded()

    def no_match(self, node: str) -> NoMatch:
        """The failure of a node none of whose cases matched, to be raised."""
        return NoMatch(f"no case of `{node}` matches its inputs")

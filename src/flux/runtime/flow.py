"""One live data flow, and the error that its handler may ask for."""

from collections.abc import Callable, Hashable
from contextvars import ContextVar
from typing import TYPE_CHECKING

from flux.runtime.errors import FlowEnded, NoMatch
from flux.runtime.stamps import Record

if TYPE_CHECKING:
    from flux.runtime.tracer.trace import Trace

_error: ContextVar[Exception | None] = ContextVar("the error being handled", default=None)


def current_error() -> Exception | None:
    """The error that the running handler handles; None outside of handlers."""
    return _error.get()


class Flow:
    """What one turn of a source started: the register of its path, and its session.

    `turn` is the register at the end of the turn; None while that runs. `record` and `thread`
    belong to the profiler, which alone sets them; where it makes traces, `trace` does, too.
    """

    __slots__ = ("path", "record", "session", "thread", "trace", "turn")

    record: Record | None
    thread: int
    trace: "Trace | None"

    def __init__(self) -> None:
        self.path = 0
        self.turn: int | None = None
        self.session: Hashable = None

    def handle(
        self, error: Exception, handler: Callable[..., object], *inputs: object
    ) -> FlowEnded:
        """Run a handler with the failed node's inputs; give the end of the flow, to be raised.

        A failure of the handler itself is nobody else's to handle.
        """
        token = _error.set(error)
        register, self.path = self.path, 0
        try:
            return FlowEnded(
                error, _failure_of(handler, inputs), register, handler_register=self.path
            )
        finally:
            _error.reset(token)
            self.path = register

    def no_match(self, node: str) -> NoMatch:
        """The failure of a node none of whose cases matched, to be raised."""
        return NoMatch(f"no case of `{node}` matches its inputs")


def _failure_of(
    handler: Callable[..., object], inputs: tuple[object, ...]
) -> Exception | FlowEnded | None:
    """How a handler failed, or ended by its own handler; None if it came to its end.

    No frame in the failure's traceback, nor that of a caller, keeps the failure in a variable. So
    nothing lives on in a cycle: what a failed flow leaves, a connection say, is closed at once.
    """
    try:
        handler(*inputs)
    except (FlowEnded, Exception) as failure:  # noqa: BLE001 - a handler may raise anything
        return failure
    return None

"""The exceptions that ended a flow, as a trace tells them.

A record only says that a call failed. Why is known from the flow's end: the first error was
handled, or nobody's; what the handler failed with came second, and so on.
"""

from collections.abc import Iterator

from flux.runtime.errors import FlowEnded, NoMatch

LONGEST = 1000


def failure_of(exception: BaseException | None) -> BaseException | None:
    """The error that nobody took."""
    return exception.unhandled if isinstance(exception, FlowEnded) else exception


def calls_failed_by(exception: BaseException | None) -> Iterator[BaseException]:
    """The exceptions of calls, in their order; that no case matches is none of a call."""
    while isinstance(exception, FlowEnded):
        if not isinstance(exception.error, NoMatch):
            yield exception.error
        exception = exception.inner
    if exception is not None and not isinstance(exception, NoMatch):
        yield exception


def message(exception: BaseException) -> str:
    """The type and the text, whatever that is made of."""
    try:
        text = str(exception)
    except Exception:  # noqa: BLE001 - it is the user's
        text = "its text can't be told"
    told = f"{type(exception).__name__}: {text}" if text else type(exception).__name__
    return told[:LONGEST].encode("utf-8", "replace").decode()

"""Traces of a server, as its options ask for them, and as its nodes hand them on.

The tracer is loaded when it is used; while nobody asks, there is nothing of it but this.
"""

import sys
from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

from flux.runtime.stamps import current as current_record

if TYPE_CHECKING:
    from flux.runtime.profiler.marks import Marks
    from flux.runtime.profiling import Subject
    from flux.runtime.tracer.sender import Sender
    from flux.runtime.tracer.trace import Trace
    from flux.runtime.tracer.tracer import Tracer

EVERY = 1000
RAREST = 1_000_000_000


class TraceOptions(NamedTuple):
    """The `url` of a receiver of OpenTelemetry's OTLP, and one flow in how many it gets."""

    url: str | None = None
    every: int = EVERY


NO_TRACES = TraceOptions()


class TraceError(Exception):
    """The options of traces can't be followed."""


class Tracing:
    """The traces of one server, from its start to its end."""

    def __init__(self, options: TraceOptions) -> None:
        self._options = options
        self._sender: Sender | None = None

    @property
    def on(self) -> bool:
        """Whether there shall be any."""
        return self._options.url is not None

    def open(self) -> None:
        """Get ready to send them. Raises TraceError if that can't be done as the options say."""
        url, every = self._options
        if url is None:
            return
        if not 1 <= every <= RAREST:
            raise TraceError(f"one flow in {every} can't be traced: from 1, each, to {RAREST:,}")
        try:
            from flux.runtime.tracer.sender import Sender  # noqa: PLC0415 - an extra
        except ModuleNotFoundError as error:
            remedy = "pip install 'flux-servers[traces]'"
            raise TraceError(f"--trace needs {error.name}: {remedy}") from error
        try:
            self._sender = Sender(url)
        except Exception as error:  # what the environment says may be anything
            raise TraceError(f"no traces to {url}: {error}") from error

    def tracer(self, subject: "Subject", marks: "Marks") -> "Tracer | None":
        """What makes traces of records with these marks."""
        if self._sender is None:
            return None
        from flux.runtime.tracer.tracer import Tracer  # noqa: PLC0415 - an extra

        return Tracer(subject, marks, self._options.every, self._sender)

    def close(self) -> None:
        """Send what is left, as far as that can be done soon."""
        if self._sender is not None:
            self._sender.close()


current: ContextVar["Trace | None"] = ContextVar("the trace of this thread's flow", default=None)


def traceparent() -> str:
    """The context that the running node hands on, as W3C's header; empty if there is no trace."""
    trace = current.get()
    return "" if trace is None else trace.context().as_text()


def join_trace(text: str) -> None:
    """Make this flow part of its caller's trace; a text that is not a context is ignored."""
    if current_record() is not None and "flux.runtime.tracer.sender" in sys.modules:
        from flux.runtime.tracer.joining import join  # noqa: PLC0415 - an extra

        join(text)

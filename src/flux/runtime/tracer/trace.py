"""The trace of one flow, while that lives.

The id of a span is that of the flow's span, plus the place of its mark in the record. So the id of
a call is known while it runs, from the length of the record, and nothing is stored for it.
"""

from time import time_ns
from typing import TYPE_CHECKING

from opentelemetry import context as telemetry
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

from flux.runtime.flow import Flow
from flux.runtime.profiler.clocks import clock
from flux.runtime.program import Source
from flux.runtime.stamps import Record
from flux.runtime.tracer.context import Context
from flux.runtime.tracing import current

if TYPE_CHECKING:
    from flux.runtime.tracer.tracer import Tracer


class Trace:
    """Who a traced flow is; or, if its caller has decided against it, who that is."""

    __slots__ = ("_outer", "_tracer", "caller", "id", "since", "span", "stamps")

    def __init__(
        self, tracer: "Tracer", stamps: Record, ids: tuple[int, int], caller: Context | None
    ) -> None:
        """Take the ids of the trace and of the flow's span."""
        self._tracer = tracer
        self.stamps = stamps
        self.id, self.span = ids
        self.caller = caller
        self.since = time_ns() - clock()
        """When the clock of records was at 0."""

    @property
    def sampled(self) -> bool:
        """Whether anybody is told of it."""
        return self.caller is None or self.caller.sampled

    def context(self) -> Context:
        """The span of what is running: a call, or the flow while none has begun."""
        if self.caller is not None and not self.caller.sampled:
            return self.caller
        place = len(self.stamps) // 2 if self._tracer.has_begun(self.stamps) else 0
        return Context(self.id, self.span + place, sampled=True)

    def enter(self) -> None:
        """Let what this thread does now be part of it."""
        current.set(self)
        self._outer = telemetry.get_current()
        telemetry.attach(set_span_in_context(_Running(self), self._outer))

    def leave(self) -> None:
        """Let what this thread does from now on be no part of it."""
        current.set(None)
        telemetry.attach(self._outer)

    def end(self, source: Source, flow: Flow, exception: BaseException | None = None) -> None:
        """Tell of the flow, or of the failed turn, which is over."""
        self.leave()
        if self.sampled:
            self._tracer.tell(self, source, flow, exception)


class _Running(NonRecordingSpan):
    """OpenTelemetry's current span: that of whatever is running in a flow."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def get_span_context(self) -> SpanContext:
        """Its context now."""
        trace, span, sampled = self._trace.context()
        flags = TraceFlags(TraceFlags.SAMPLED if sampled else TraceFlags.DEFAULT)
        return SpanContext(trace, span, is_remote=not sampled, trace_flags=flags)

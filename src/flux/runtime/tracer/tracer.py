"""Which flows of a server are traced, and what becomes of their records."""

import os

from flux.runtime.flow import Flow
from flux.runtime.profiler.marks import Marks
from flux.runtime.profiling import Subject
from flux.runtime.program import Source
from flux.runtime.stamps import Record
from flux.runtime.tracer.context import Context
from flux.runtime.tracer.sender import Sender
from flux.runtime.tracer.spans import Spans
from flux.runtime.tracer.trace import Trace


class Tracer:
    """Traces one flow in so many, by chance; a number from 0 to 1 below `untraced` is no hit."""

    def __init__(self, subject: Subject, marks: Marks, every: int, sender: Sender) -> None:
        self.untraced = 1 - 1 / every
        self._marks = marks
        self._spans = Spans(subject, marks)
        self._sender = sender

    def begin(self, stamps: Record, caller: Context | None = None) -> Trace:
        """Trace the flow of a record, on the thread that carries it."""
        trace = Trace(self, stamps, _ids(caller), caller)
        trace.enter()
        return trace

    def join(self, flow: Flow, stamps: Record, caller: Context) -> None:
        """Do as a flow's caller does, whatever chance has said."""
        if flow.trace is not None:
            flow.trace.leave()
        flow.trace = self.begin(stamps, caller)

    def has_begun(self, stamps: Record) -> bool:
        """Whether the turn of a record has given its flow something."""
        return not self._marks.openings.isdisjoint(stamps[2::2])

    def tell(
        self, trace: Trace, source: Source, flow: Flow, exception: BaseException | None
    ) -> None:
        """Send the spans of a flow that is over."""
        self._sender.send(self._spans.of(trace, source, flow, exception))


def _ids(caller: Context | None) -> tuple[int, int]:
    """Those of a trace and of its flow's span, which leaves room above for its calls.

    They aren't drawn as the rest of the process draws its numbers: that may have a seed.
    """
    drawn = os.urandom(24)
    trace = int.from_bytes(drawn[:16]) or 1 if caller is None else caller.trace
    return trace, (int.from_bytes(drawn[16:]) >> 1) or 1

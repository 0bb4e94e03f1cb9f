"""The record of a flow as spans of OpenTelemetry: one for the flow, and in it one for each call.

A span begins where the one before it ended, as the spans of a shape do, so a flow's time is filled.
"""

from collections.abc import Iterator

from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from flux.runtime.endings import Outcome, outcome_of
from flux.runtime.flow import Flow
from flux.runtime.profiler.marks import Kind, Mark, Marks
from flux.runtime.profiler.names import UNNUMBERED
from flux.runtime.profiler.shapes import Shape, Span
from flux.runtime.profiling import Subject
from flux.runtime.program import Source
from flux.runtime.tracer.failures import calls_failed_by, failure_of, message
from flux.runtime.tracer.trace import Trace
from flux.version import __version__

MOST = 1000
SAMPLED = TraceFlags(TraceFlags.SAMPLED)
ROLES = {Kind.PREDICATE: "predicate", Kind.SESSION: "session"}

Attributes = dict[str, str | int]


class Spans:
    """Makes spans of the flows of one program."""

    def __init__(self, subject: Subject, marks: Marks) -> None:
        plan = (subject.facts or {}).get("plan", {})
        self._program = str(plan.get("program", subject.name))
        self._resource = _resource(self._program, plan.get("fingerprint"), subject.served["pid"])
        self._scope = InstrumentationScope("flux", __version__)
        self._paths = subject.paths
        self._marks = marks

    def of(
        self, trace: Trace, source: Source, flow: Flow, exception: BaseException | None
    ) -> list[ReadableSpan]:
        """Those of a flow that is over, or of a turn that failed."""
        shape = Shape(self._marks.shape(trace.stamps[0::2]))
        parts = _parts(shape)
        kept = parts[:MOST]
        more = {"flux.dropped": len(parts) - len(kept)} if len(parts) > len(kept) else {}
        attributes = self._attributes(source, flow, exception) | more
        whole = self._flow(trace, source, shape.flow, attributes, exception)
        return [whole, *self._calls(trace, kept, _failures(shape, exception))]

    def _attributes(
        self, source: Source, flow: Flow, exception: BaseException | None
    ) -> Attributes:
        number = self._paths.number(source, flow, exception)
        return {
            "flux.program": self._program,
            "flux.path": UNNUMBERED.name if number is None else self._paths.name(source, number),
            "flux.outcome": _outcome(exception).name.lower(),
        }

    def _flow(
        self,
        trace: Trace,
        source: Source,
        span: Span,
        attributes: Attributes,
        exception: BaseException | None,
    ) -> ReadableSpan:
        failed = _outcome(exception) is Outcome.FAILED
        return ReadableSpan(
            name=source.name,
            context=_context(trace, 0),
            parent=_caller(trace),
            resource=self._resource,
            attributes=attributes,
            kind=SpanKind.SERVER,
            status=_status(failure_of(exception)) if failed else Status(),
            start_time=_time(trace, span.begin),
            end_time=_time(trace, span.end),
            instrumentation_scope=self._scope,
        )

    def _calls(
        self, trace: Trace, parts: list[Span], failures: Iterator[BaseException]
    ) -> Iterator[ReadableSpan]:
        parent = _context(trace, 0)
        for part in parts:
            yield ReadableSpan(
                name=_name(part.mark),
                context=_context(trace, part.end),
                parent=parent,
                resource=self._resource,
                attributes=_details(part.mark),
                status=_status(next(failures, None)) if part.mark.failed else Status(),
                start_time=_time(trace, part.begin),
                end_time=_time(trace, part.end),
                instrumentation_scope=self._scope,
            )


def _resource(program: str, fingerprint: str | None, pid: int) -> Resource:
    """The server, as its files name it; the environment may say more, and otherwise."""
    server: Attributes = {
        "service.name": program.removesuffix(".flux"),
        "process.pid": pid,
    }
    if fingerprint is not None:
        server["flux.fingerprint"] = fingerprint
    return Resource.create(server).merge(OTELResourceDetector().detect())


def _parts(shape: Shape) -> list[Span]:
    """What the time of a flow is made of, in its order."""
    parts = [*shape.calls, *shape.waits, *shape.queued]
    return sorted((part for part in parts if part.begin >= shape.began), key=_end)


def _failures(shape: Shape, exception: BaseException | None) -> Iterator[BaseException]:
    """What the calls that have spans failed with; the first node of the turn has none."""
    failures = calls_failed_by(exception)
    if any(call.mark.kind is Kind.OPENING and call.mark.failed for call in shape.calls):
        next(failures, None)
    return failures


def _end(part: Span) -> int:
    return part.end


def _name(mark: Mark) -> str:
    match mark.kind:
        case Kind.ACQUIRED:
            return f"wait for {mark.name}"
        case Kind.QUEUED:
            return "queue"
        case _:
            return mark.name


def _details(mark: Mark) -> Attributes:
    if mark.kind is Kind.ACQUIRED:
        return {
            "flux.constraint": mark.name,
            "flux.mode": mark.mode,
            "flux.scope": mark.scope,
        }
    return {"flux.role": ROLES[mark.kind]} if mark.kind in ROLES else {}


def _outcome(exception: BaseException | None) -> Outcome:
    return Outcome.FINISHED if exception is None else outcome_of(exception)


def _status(failure: BaseException | None) -> Status:
    return Status(StatusCode.ERROR, None if failure is None else message(failure))


def _context(trace: Trace, place: int) -> SpanContext:
    return SpanContext(trace.id, trace.span + place, is_remote=False, trace_flags=SAMPLED)


def _caller(trace: Trace) -> SpanContext | None:
    if trace.caller is None:
        return None
    return SpanContext(trace.id, trace.caller.span, is_remote=True, trace_flags=SAMPLED)


def _time(trace: Trace, place: int) -> int:
    """When it was, in ns since 1970."""
    return trace.since + trace.stamps[2 * place + 1]

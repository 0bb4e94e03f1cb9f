"""Flows that join the traces of their callers.

Only a few flows are traced, so a thread doesn't know its flow: that would cost all of them. Who
joins finds it on the stack, where the frame of the turn or flow has it.
"""

import sys
from types import FrameType

from flux.runtime.profiler import twins as recording
from flux.runtime.stamps import current
from flux.runtime.tracer.context import parsed


def join(text: str) -> None:
    """Make the flow of this thread part of the trace that a text names, if it names one."""
    caller = parsed(text)
    frame = None if caller is None else _recording(sys._getframe())  # noqa: SLF001 - as in `flows`
    if caller is None or frame is None:
        return
    place = frame.f_locals
    flow, traces = place["flow"], place.get("traces")
    if traces is not None and flow.record is current():
        traces.join(flow, flow.record, caller)


def _recording(frame: FrameType | None) -> FrameType | None:
    """That of the innermost turn or flow that is recorded."""
    while frame is not None and frame.f_code.co_filename != recording.__file__:
        frame = frame.f_back
    return frame

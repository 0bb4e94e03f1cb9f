"""Sources whose turns and flows are recorded: the twin of a plain one, with the same name.

The current record of a thread is that of the turn or flow which it carries, and none in between:
what a source waits for while it hands a flow over, and what plain flows do, is nobody's.

If there is a tracer, a few flows are traced as well: by chance from the beginning, others once they
have joined a caller (`flux.runtime.tracer.joining` looks for `flow` and `traces` in these frames).
"""

from random import random
from threading import get_ident
from typing import TYPE_CHECKING, Any, NamedTuple

from flux.runtime.errors import SourceEnded
from flux.runtime.flow import Flow
from flux.runtime.profiler.clocks import clock, cpu
from flux.runtime.profiler.ledger import Ledger
from flux.runtime.profiler.marks import ABANDONED, AGAIN, BEGAN, CPU, QUEUED
from flux.runtime.program import Source
from flux.runtime.sources import SourceLoop
from flux.runtime.stamps import running

if TYPE_CHECKING:
    from flux.runtime.tracer.tracer import Tracer

CPU_EVERY = 64
CHANCE = 1 / CPU_EVERY


class Bindings(NamedTuple):
    """One source as it is, in wrappers, and in wrappers that ask for processor time, too."""

    plain: Source
    lean: Source
    timed: Source


class Twins:
    """Makes the twins of sources, and knows the flows of theirs that live."""

    def __init__(self, ledger: Ledger, traces: "Tracer | None" = None) -> None:
        self.live: dict[Flow, Source] = {}
        self._ledger = ledger
        self._traces = traces

    def add(self, loop: SourceLoop, bindings: Bindings) -> Source:
        """Give a loop the turn that begins anew what a plain one has; the twin for all others."""
        flow = self._flow(bindings)
        twin = bindings.plain._replace(turn=self._turn(loop, bindings, BEGAN), flow=flow)
        loop.recorded = twin._replace(turn=self._turn(loop, bindings, AGAIN))
        return twin

    def _turn(self, loop: SourceLoop, bindings: Bindings, first: int) -> Any:  # noqa: ANN401
        plain, lean, timed = bindings
        live, ledger = self.live, self._ledger
        began = ledger.beginnings(plain)
        traces, untraced = self._traces, self._traces.untraced if self._traces else 1

        def turn(flow: Flow) -> Any:  # noqa: ANN401 - a node's outputs, of any type
            stamps = [first, clock()]
            chosen, drawn = lean, random()  # noqa: S311 - a sample, no secret
            if drawn < CHANCE:
                stamps += (CPU, cpu())
                chosen = timed
            thread = get_ident()
            flow.record, flow.thread, live[flow] = stamps, thread, plain
            running[thread] = stamps
            if traces is not None:
                flow.trace = traces.begin(stamps) if drawn >= untraced else None
            try:
                outputs = chosen.turn(flow)
            except BaseException as exception:
                del running[thread]
                del live[flow]
                failed = not isinstance(exception, SourceEnded) and not loop.stopped
                if traces is not None and flow.trace is not None:
                    flow.trace.end(plain, flow, exception) if failed else flow.trace.leave()
                if failed:
                    ledger.broken(plain, flow, stamps, exception)
                raise
            del running[thread]
            if traces is not None and flow.trace is not None:
                flow.trace.leave()
            if stamps[0] == ABANDONED:
                del live[flow]
                flow.record = None
                ledger.opened(stamps)
            else:
                began(stamps)
            return outputs

        return turn

    def _flow(self, bindings: Bindings) -> Any:  # noqa: ANN401 - a routine, of any inputs
        plain, lean, timed = bindings
        live, ledger, traces = self.live, self._ledger, self._traces
        finished = ledger.finishes(plain)

        def carry(flow: Flow, *inputs: Any) -> None:  # noqa: ANN401 - a node's, of any type
            stamps = flow.record
            if stamps is None:
                plain.flow(flow, *inputs)
                return
            stamps += (QUEUED, clock())
            chosen = lean
            if stamps[2] == CPU:
                stamps += (CPU, cpu())
                chosen = timed
            flow.thread = thread = get_ident()
            running[thread] = stamps
            if traces is not None and flow.trace is not None:
                flow.trace.enter()
            try:
                chosen.flow(flow, *inputs)
            except BaseException as exception:
                del running[thread]
                del live[flow]
                if traces is not None and flow.trace is not None:
                    flow.trace.end(plain, flow, exception)
                ledger.broken(plain, flow, stamps, exception)
                raise
            del running[thread]
            del live[flow]
            if traces is not None and flow.trace is not None:
                flow.trace.end(plain, flow)
            finished(flow, stamps)

        carry.__wrapped__ = plain.flow  # type: ignore[attr-defined] # as functools does
        return carry

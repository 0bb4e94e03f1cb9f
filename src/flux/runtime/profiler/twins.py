"""Sources whose turns and flows are recorded: the twin of a plain one, with the same name.

The current record of a thread is that of the turn or flow which it carries, and none in between:
what a source waits for while it hands a flow over, and what plain flows do, is nobody's.

Where flows come fast, most are only counted, on their paths. They are carried by the plain
routines, and `UNTIMED` is their record.

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
from flux.runtime.profiler.marks import ABANDONED, AGAIN, BEGAN, CPU, QUEUED, Marks
from flux.runtime.profiler.openings import Openings
from flux.runtime.profiler.pace import BLOCK
from flux.runtime.program import Source
from flux.runtime.sources import SourceLoop
from flux.runtime.stamps import Record, running

if TYPE_CHECKING:
    from flux.runtime.tracer.tracer import Tracer

CPU_EVERY = 64
CHANCE = 1 / CPU_EVERY

UNTIMED: Record = []


class Bindings(NamedTuple):
    """One source as it is, in wrappers, and in wrappers that ask for processor time, too.

    What is `untimed` has the plain functions, but openings that don't care for profiles.
    """

    plain: Source
    untimed: Source
    lean: Source
    timed: Source


class Twins:
    """Makes the twins of sources, and knows the flows of theirs that live."""

    def __init__(
        self, ledger: Ledger, openings: Openings, marks: Marks, traces: "Tracer | None" = None
    ) -> None:
        self.live: dict[Flow, Source] = {}
        self._ledger = ledger
        self._openings = openings
        self._marks = marks
        self._traces = traces

    def add(self, loop: SourceLoop, bindings: Bindings) -> Source:
        """Give a loop the turn that begins anew what a plain one has; the twin for all others."""
        flow = self._flow(bindings)
        again = self._timed_turn(loop, bindings, AGAIN)
        turn = self._timed_turn(loop, bindings, BEGAN)
        if self._traces is None:  # any flow may turn out to be one of a trace
            turn = self._turn(loop, bindings, turn)
        twin = bindings.plain._replace(turn=turn, flow=flow)
        loop.recorded = twin._replace(turn=again)
        return twin

    def _turn(self, loop: SourceLoop, bindings: Bindings, timed: Any) -> Any:  # noqa: ANN401
        plain, untimed = bindings.plain, bindings.untimed.turn
        openings, ledger, opens_nothing = self._openings, self._ledger, plain.opening is None
        beginnings, pace = ledger.beginnings(plain), ledger.pace(plain)

        def turn(flow: Flow) -> Any:  # noqa: ANN401 - a node's outputs, of any type
            drawn = random()  # noqa: S311 - a sample, no secret
            if drawn < pace.chance:
                return timed(flow, drawn)
            try:
                outputs = untimed(flow)
            except BaseException as exception:
                if not isinstance(exception, SourceEnded) and not loop.stopped:
                    ledger.broken(plain, flow, None, exception)
                raise
            if openings.on or opens_nothing:
                flow.record = UNTIMED
                time = clock()
                beginnings.append(time)
                if time > pace.until or len(beginnings) > BLOCK:
                    ledger.add_beginnings(plain, time)
            else:
                flow.record = None
            return outputs

        return turn

    def _timed_turn(self, loop: SourceLoop, bindings: Bindings, first: int) -> Any:  # noqa: ANN401
        plain, _, lean, timed = bindings
        live, ledger = self.live, self._ledger
        beginnings, pace = ledger.beginnings(plain), ledger.pace(plain)
        beginning = self._marks.beginning
        traces, untraced = self._traces, self._traces.untraced if self._traces else 1

        def turn(flow: Flow, drawn: float | None = None) -> Any:  # noqa: ANN401 - a node's outputs, of any type
            drawn = random() if drawn is None else drawn  # noqa: S311 - a sample, no secret
            stamps = [pace.mark if first == BEGAN else first, clock()]
            chosen = lean
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
                time = beginning(stamps)
                beginnings.append(time)
                if time > pace.until or len(beginnings) > BLOCK:
                    ledger.add_beginnings(plain, time)
            return outputs

        return turn

    def _flow(self, bindings: Bindings) -> Any:  # noqa: ANN401 - a routine, of any inputs
        plain, ledger, carry_plainly = bindings.plain, self._ledger, bindings.plain.flow
        ended, carry_timed = ledger.ends(plain), self._timed_flow(bindings)

        def carry(flow: Flow, *inputs: Any) -> None:  # noqa: ANN401 - a node's, of any type
            stamps = flow.record
            if stamps is None:
                carry_plainly(flow, *inputs)
            elif stamps is UNTIMED:
                try:
                    carry_plainly(flow, *inputs)
                except BaseException as exception:
                    ledger.broken(plain, flow, None, exception)
                    raise
                ended.append((flow.turn, flow.path))
                if len(ended) >= BLOCK:
                    ledger.add_ends()
            else:
                carry_timed(flow, stamps, inputs)

        carry.__wrapped__ = carry_plainly  # type: ignore[attr-defined] # as functools does
        return carry

    def _timed_flow(self, bindings: Bindings) -> Any:  # noqa: ANN401 - a routine, of any inputs
        plain, _, lean, timed = bindings
        live, ledger, traces = self.live, self._ledger, self._traces
        finished = ledger.finishes(plain)

        def carry(flow: Flow, stamps: Record, inputs: tuple[Any, ...]) -> None:
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

        return carry

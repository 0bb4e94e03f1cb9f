"""A profile of one server: turned on and off, and read."""

import threading
import time
from collections.abc import Callable
from typing import Any

from flux.runtime.profiler.clocks import clock, process_cpu
from flux.runtime.profiler.flows import how_many, living
from flux.runtime.profiler.gil import GilCounts, sampler
from flux.runtime.profiler.ledger import Ledger
from flux.runtime.profiler.marks import Marks
from flux.runtime.profiler.openings import Openings
from flux.runtime.profiler.plans import Inputs, opened_freely
from flux.runtime.profiler.report import Report, Times
from flux.runtime.profiler.stamping import stamping
from flux.runtime.profiler.twins import Bindings, Twins
from flux.runtime.profiler.wrappers import RecordedConstraints, RecordedNodes, UntimedNodes
from flux.runtime.profiling import Subject
from flux.runtime.program import Program
from flux.runtime.tracing import Tracing


class Profiler:
    """Records the flows of a server that begin while it is on, and has some of them traced."""

    def __init__(self, subject: Subject, tracing: Tracing) -> None:
        plan = subject.facts.get("plan") if subject.facts else None
        self._marks = Marks()
        self._openings = Openings(opened_freely(plan))
        self._inputs = Inputs(plan)
        self._ledger = Ledger(self._marks, subject.paths)
        traces = tracing.tracer(subject, self._marks)
        self._twins = Twins(self._ledger, self._openings, self._marks, traces)
        self._report = Report(subject)
        self._gil = GilCounts(self._marks, self._twins.live)
        self._end_sampling: Callable[[], None] | None = None
        self._is_sampled = False
        self._guard = threading.Lock()
        self._began: float | None = None
        self._on_since = (0, 0)
        self._past = (0, 0)
        untimed = subject.program(UntimedNodes(subject.nodes), subject.constraints)
        lean, timed = (self._bound(subject, timed=timed) for timed in (False, True))
        self._loops = [
            (loop, loop.source, self._twins.add(loop, Bindings(loop.source, *twins)))
            for loop, *twins in zip(
                subject.loops, untimed.sources, lean.sources, timed.sources, strict=True
            )
        ]

    @property
    def on(self) -> bool:
        """Whether flows that begin now are recorded."""
        return self._openings.on

    @property
    def live(self) -> int:
        """How many of the counted flows live; an estimate where a share is timed."""
        return how_many(list(self._twins.live.items()), self._marks)

    def start(self) -> None:
        """Record the flows that begin from now on."""
        with self._guard:
            if not self.on:
                self._on_since = _now()
                self._began = self._began or time.time()
                self._choose_twins(on=True)
                self._end_sampling = sampler(self._gil)
                self._is_sampled |= self._end_sampling is not None

    def stop(self) -> None:
        """Record no more; flows that have begun count when they end."""
        with self._guard:
            if self.on:
                self._past = self._elapsed()
                self._choose_twins(on=False)
                self._ledger.pause()
                self.rest()

    def rest(self) -> None:
        """Take no more samples: there is nothing to see."""
        if self._end_sampling is not None:
            self._end_sampling()

    def clear(self) -> None:
        """Forget what was counted."""
        with self._guard:
            self._ledger.clear()
            self._gil.clear()
            self._past, self._on_since = (0, 0), _now()
            self._began = time.time() if self.on else None

    def read(self) -> dict[str, Any]:
        """The profile as docs/profile.md describes it, to be written as JSON."""
        with self._guard:
            (elapsed, used), gil = self._elapsed(), self._gil.read()
            times = Times(self.on, self._began, elapsed, used - gil.cost)
            snapshot = self._ledger.read()
        return self._report.of(snapshot, times, gil if self._is_sampled else None)

    def read_flows(self) -> dict[str, Any]:
        """The timed flows that live, as docs/profile.md describes them."""
        flows, more = living(list(self._twins.live.items()), self._marks)
        shown = [{"target": self._report.target(flow["source"]), **flow} for flow in flows]
        return {"flows": shown, "more": more, "every": self._ledger.every, "on": self.on}

    def _choose_twins(self, *, on: bool) -> None:
        """Turns look at their loop's source before they begin, and at the switch afterwards."""
        for loop, plain, twin in self._loops:
            loop.source = twin if on else plain
        self._openings.switch(on=on)

    def _elapsed(self) -> tuple[int, int]:
        """For how long it has been on, and how much processor time the process used then."""
        if not self.on:
            return self._past
        (elapsed, used), (now, used_now), (since, used_then) = self._past, _now(), self._on_since
        return elapsed + now - since, used + used_now - used_then

    def _bound(self, subject: Subject, *, timed: bool) -> Program:
        nodes = RecordedNodes(subject.nodes, self._marks, self._inputs, self._openings, timed=timed)
        program = subject.program if timed else stamping(subject.program, self._marks)
        return program(nodes, RecordedConstraints(subject.constraints, self._marks))


def _now() -> tuple[int, int]:
    return clock(), process_cpu()

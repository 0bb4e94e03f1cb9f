"""A program at work: its sources, what carries its flows, and how it starts and stops."""

import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from flux.runtime.admission import Places, giving_back, taking
from flux.runtime.constraints import Constraints
from flux.runtime.endings import Endings, OnEnd, Outcome
from flux.runtime.nodes import Nodes, Observe
from flux.runtime.options import QUEUE, Options, check, new_runtime, served
from flux.runtime.paths import Paths
from flux.runtime.profiling import NO_PROFILE, ProfileOptions, Profiling, Subject
from flux.runtime.program import Program, Source
from flux.runtime.reports import Reports
from flux.runtime.runtimes import Carry, Submit
from flux.runtime.signals import hearing_signals
from flux.runtime.sources import SourceLoop
from flux.runtime.tracing import NO_TRACES, TraceOptions, Tracing
from flux.runtime.workers.worker import own

if TYPE_CHECKING:
    from flux.runtime.profiler.profiler import Profiler

EXIT_CUT = 4


class Counters(NamedTuple):
    """What became of the flows so far; `dropped` counts the turns that failed."""

    started: int
    finished: int
    handled: int
    failed: int
    dropped: int

    @property
    def in_flight(self) -> int:
        """The flows that have started and not ended, queued ones included."""
        return self.started - self.finished - self.handled - self.failed


class Drained(NamedTuple):
    """What became of the flows that were in flight when the server stopped."""

    finished: int
    cut: int


NOTHING_DRAINED = Drained(finished=0, cut=0)


class Server:
    """Runs a generated program with an `implementation` of its nodes."""

    def __init__(  # noqa: PLR0913 - what `flux run` lets its user choose
        self,
        program: Callable[[Nodes, Constraints], Program],
        implementation: object,
        *,
        runtime: Literal["thread", "pool", "event"] = "thread",
        threads: int | None = None,
        queue: int = QUEUE,
        max_flows: int | None = None,
        drain: float = 25.0,
        args: Sequence[str] = (),
        observe: Observe | None = None,
        on_end: OnEnd | None = None,
        facts: Mapping[str, Any] | None = None,
        clock: Callable[[], float] = time.monotonic,
        profile: ProfileOptions = NO_PROFILE,
        trace: TraceOptions = NO_TRACES,
    ) -> None:
        options = Options(runtime, threads, queue, max_flows)
        check(options)
        if not drain >= 0:  # not a number is neither
            raise ValueError(f"`drain` must be 0 seconds or more, not {drain}")
        self._program = program
        self.implementation = implementation
        self._drain = drain
        self._args = args
        self._clock = clock
        self._over = threading.Event()
        self._idle = threading.Event()
        self._stopping = threading.Lock()
        self._ending = threading.Lock()
        self._asked = False
        self._started = False
        self._drained: Drained | None = None
        self._running = 0
        self._loops: list[SourceLoop] = []
        self._facts = facts
        self._nodes = Nodes(implementation, observe)
        self._constraints = Constraints(observe)
        self._reports = Reports(clock)
        self.paths = Paths(facts)
        self._endings = Endings(self._reports, self._stop_from_within, self.paths, on_end)
        self._places = Places(max_flows) if max_flows else None
        carry: Carry = self._endings.carry
        if self._places is not None:
            carry = giving_back(self._places, carry)
        self._runtime = new_runtime(options, carry, self._become_idle)
        self._on_fibers = runtime == "event"
        self._served = served(options)
        self._profiling = Profiling(profile, self._subject, Tracing(trace))

    def start(self) -> Self:
        """Call the implementation's `init`, bind the program, and let its sources run; once."""
        if self._started:
            raise RuntimeError("a server can be started only once")
        try:
            self._profiling.open()
            self._call_hook("init", list(self._args))
            program = self._prepared()
        except BaseException:
            self._profiling.close()
            raise
        self._started = True
        sources = () if self._asked else program.sources  # a signal came during `init`
        self._loops = [self._make_loop(source) for source in sources]
        self._running = len(self._loops)
        self._profiling.begin()
        worker = own()
        if worker is not None:
            worker.serves()
        for loop in self._loops:
            loop.start()
        if not self._loops:
            self._runtime.close()
        return self

    def check(self) -> None:
        """Bind the program as `start` will, and do no more. Raises MissingFunctions."""
        self._bind()

    def stop(self, drain: float | None = None) -> Drained:
        """Stop the sources, let the flows in flight finish, cut those that don't in time.

        Nothing happens before `start`, and nothing more the second time.
        """
        with self._stopping:
            if not self._started:
                return NOTHING_DRAINED
            if self._drained is None:
                self._drained = self._drain_flows(self._drain if drain is None else drain)
                self._over.set()
                self._profiling.end()
                self._call_hook("shutdown")
        return self._drained

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until a stop is asked for, or all sources have ended and all flows are done."""
        return self._over.wait(timeout)

    def run(self) -> int:
        """Serve on the main thread until a signal or the program's own end; the exit status."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("`run` listens to signals, on the main thread only: use `start`")
        with hearing_signals(self._ask_to_stop, self._profiling.toggle, tell_flows=self._on_fibers):
            self.start()
            self.wait()
            try:
                self.stop()
            finally:  # `shutdown` may raise
                drained = self._tell_drained()
            worker = own()
            if worker is not None and not self._asked:
                worker.is_over()
        return EXIT_CUT if drained.cut else 0

    @property
    def counters(self) -> Counters:
        """What became of the flows so far."""
        tallies = list(zip(*self._runtime.tallies, strict=True))
        return Counters(
            started=sum(loop.started for loop in self._loops),
            finished=sum(tallies[Outcome.FINISHED]),
            handled=sum(tallies[Outcome.HANDLED]),
            failed=sum(tallies[Outcome.FAILED]),
            dropped=sum(loop.dropped for loop in self._loops),
        )

    @property
    def profiler(self) -> "Profiler":
        """What profiles the server, once that has started: `start()`, `stop()`, `read()`."""
        return self._profiling.profiler

    def __enter__(self) -> Self:
        return self if self._started else self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def _prepared(self) -> Program:
        """The program, bound, and the runtime that waits for its flows."""
        try:
            program = self._bind()
            self._runtime.start()
        except BaseException:
            self._runtime.close()
            self._call_hook("shutdown")
            raise
        return program

    def _bind(self) -> Program:
        program = self._program(self._nodes, self._constraints)
        self._nodes.check()
        return program

    def _subject(self) -> Subject:
        return Subject(
            name=_file_of(self._program),
            program=self._program,
            nodes=self._nodes,
            constraints=self._constraints,
            loops=self._loops,
            paths=self.paths,
            facts=self._facts,
            served=self._served,
        )

    def _make_loop(self, source: Source) -> SourceLoop:
        submit: Submit = self._runtime.submit
        if self._places is not None:
            submit = taking(self._places, submit)
        return SourceLoop(source, submit, self._endings, self._source_ended)

    def _source_ended(self) -> None:
        with self._ending:
            self._running -= 1
            last = not self._running
        if last:
            self._runtime.close()

    def _become_idle(self) -> None:
        self._idle.set()
        self._over.set()

    def _ask_to_stop(self) -> None:
        self._asked = True
        self._over.set()

    def _stop_from_within(self) -> None:
        """Do what a signal does, for a node that exits; flows can't wait for flows to finish."""
        for loop in self._loops:
            loop.stop()
        self._ask_to_stop()

    def _drain_flows(self, drain: float) -> Drained:
        deadline = self._clock() + drain
        before = self.counters
        self._stop_sources(deadline)
        self._runtime.close()
        self._idle.wait(self._left(deadline))
        after = self.counters
        self._runtime.cut()
        self._reports.flush()
        return Drained(
            finished=before.in_flight + after.started - before.started - after.in_flight,
            cut=after.in_flight,
        )

    def _stop_sources(self, deadline: float) -> None:
        """Let those finish that can; when all are stopped, no more flows come."""
        finishing = [loop for loop in self._loops if loop.finish()]
        for loop in self._loops:
            if loop not in finishing:
                loop.stop()
        for loop in finishing:
            loop.wait(self._left(deadline))
            loop.stop()
        for loop in self._loops:
            loop.settle(self._left(deadline))

    def _tell_drained(self) -> Drained:
        finished, cut = drained = self._drained or NOTHING_DRAINED
        if self._asked:
            sys.stderr.write(f"flux: drained: {finished} finished, {cut} cut\n")
        return drained

    def _left(self, deadline: float) -> float:
        return min(max(0.0, deadline - self._clock()), threading.TIMEOUT_MAX)

    def _call_hook(self, name: str, *inputs: object) -> None:
        hook = getattr(self.implementation, name, None)
        if callable(hook):
            hook(*inputs)


def _file_of(program: object) -> str:
    """The name of a generated program's file; back ends may give other things than functions."""
    code = getattr(program, "__code__", None)
    return os.path.basename(code.co_filename) if code else type(program).__name__  # noqa: PTH119 - no pathlib

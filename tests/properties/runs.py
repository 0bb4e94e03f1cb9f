"""Real runs of a program, watched: whatever happens is compared with the model.

A run that makes no progress fails with the program and what each thread was doing. Its threads
are daemons and are left where they are.
"""

import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Literal

from properties.checker import Ending, Flow, Way, flows_of
from properties.comparison import check_events, compiled, parts
from properties.reading import read
from properties.scripts import Casting
from properties.stage import Bind, Record, Stage

from flux.driver import Compilation, generate
from flux.runtime import Counters, Server, Source
from flux.runtime import Flow as LiveFlow
from flux.runtime.profiler.flows import frames

RuntimeName = Literal["thread", "pool", "event"]

PATIENCE = 20.0
SWITCH_INTERVAL = 1e-6  # seconds for which a thread may keep the others from running


class StalledError(AssertionError):
    """A run that makes no progress."""

    def __init__(self, text: str) -> None:
        names = {thread.ident: thread.name for thread in threading.enumerate()}
        stacks = [
            f"{names.get(ident)}:\n{''.join(traceback.format_stack(frame))}"
            for ident, frame in frames().items()
        ]
        super().__init__("\n".join(["no progress", text, *stacks]))


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has come to its end, and what the model says of each source's turns."""

    server: Server
    stage: Stage
    expected: dict[str, list[Way | Flow]]

    def pairs(self) -> Iterator[tuple[Way, list[str], Record]]:
        """Each flow and each turn that started none: expected way, path so far, record."""
        for source, flows in self.expected.items():
            turns = self.stage.turns[source]
            for number, (flow, turn) in enumerate(zip(flows, turns, strict=True)):
                if isinstance(flow, Flow):
                    record = self.stage.flows[source, number]
                    yield flow.flow, flow.turn.path + flow.flow.path, record
                else:
                    yield flow, flow.path, turn


def run_program(
    text: str, casting: Casting, runtime: RuntimeName, patience: float = PATIENCE
) -> Run:
    """Run a program until its sources have ended and its flows are done."""
    reading = read(text)
    stage = Stage(reading, casting)
    server = _server(compiled(text), stage, runtime)
    stage.name_path = partial(_path, server)
    with _hurried():
        _run_to_end(server, stage, text, patience)
    expected = {s.node: list(flows_of(reading, s, casting)) for s in reading.sources}
    return Run(server, stage, expected)


def check_run(
    check: Callable[[Run], None], runtime: RuntimeName, text: str, casting: Casting
) -> None:
    """Run a program, and assert something of the run."""
    check(run_program(text, casting, runtime))


def check_exclusion(run: Run) -> None:
    """Assert that no writer was beside anybody inside a constraint."""
    assert not run.stage.occupancy.clashes, "; ".join(run.stage.occupancy.clashes)


def check_traces(run: Run) -> None:
    """Assert that the same happened as in the model, in the same order, with the same ends."""
    for source, flows in run.expected.items():
        for flow, turn in zip(flows, run.stage.turns[source], strict=True):
            check_events(parts(flow)[0].events, turn.events)
    for way, _, record in run.pairs():
        check_events(way.events, record.events)
        assert way.ending is record.ending, f"{record.ending} instead of {way.ending}"


def check_paths(run: Run) -> None:
    """Assert that the number of each path stands for the nodes that were on it."""
    for way, path, record in run.pairs():
        expected = "" if way.ending is Ending.STOPPED else " -> ".join(path)
        assert record.path == expected, f"{record.path}\ninstead of\n{expected}"


def check_counters(run: Run) -> None:
    """Assert that the server counts as the model does."""
    flows = [flow for flows in run.expected.values() for flow in flows]
    endings = Counter(flow.flow.ending for flow in flows if isinstance(flow, Flow))
    dropped = sum(isinstance(f, Way) and f.ending is not Ending.STOPPED for f in flows)
    expected = Counters(
        started=sum(endings.values()),
        finished=endings[Ending.FINISHED],
        handled=endings[Ending.HANDLED],
        failed=endings[Ending.FAILED],
        dropped=dropped,
    )
    assert run.server.counters == expected, f"{run.server.counters} instead of {expected}"


def _server(compilation: Compilation, stage: Stage, runtime: RuntimeName) -> Server:
    assert compilation.plan is not None
    artifact = generate(compilation.plan)
    code = compile(artifact.files[artifact.main], artifact.main, "exec")
    namespace: dict[str, Bind] = {}
    exec(code, namespace)  # noqa: S102 - the text is ours
    return Server(
        stage.watched(namespace["program"]),
        stage.functions(),
        runtime=runtime,
        threads=3,
        queue=2,
        max_flows=8,
        observe=stage.observe,
        on_end=stage.end,
        facts=artifact.facts,
    )


def _path(server: Server, source: Source, flow: LiveFlow, exception: BaseException | None) -> str:
    """The name of the number of the path that a flow took."""
    number = server.paths.number(source, flow, exception)
    assert number is not None
    return server.paths.name(source, number)


@contextmanager
def _hurried() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def _run_to_end(server: Server, stage: Stage, text: str, patience: float) -> None:
    server.start()
    happened = -1
    while not server.wait(patience):
        if stage.happened == happened:
            stalled = StalledError(text)
            server.stop(drain=0)
            raise stalled
        happened = stage.happened
    server.stop()

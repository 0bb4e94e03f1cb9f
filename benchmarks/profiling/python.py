"""What a profile costs a flow in Python, and each of its nodes and constraints.

Nodes do nothing, and turns and flows are run by hand on one thread, so all that differs is the
profile. A chain of few nodes and a chain of many tell what each node adds. All take turns in every
round, and the best round of each counts, for what disturbs one costs more than what is measured. A
round has as many flows as durations are counted at once, so each round pays for that.
"""

import linecache
import sys
import time
from types import SimpleNamespace
from typing import Any, NamedTuple

from flux.driver import compile_program, generate
from flux.runtime import Constraints, Flow, Nodes, Paths, Source
from flux.runtime.endings import Endings
from flux.runtime.profiler import pace
from flux.runtime.profiler.histogram import ENOUGH
from flux.runtime.profiler.profiler import Profiler
from flux.runtime.profiling import Subject
from flux.runtime.reports import Reports
from flux.runtime.sources import SourceLoop
from flux.runtime.tracing import NO_TRACES, Tracing
from flux.source import SourceFile
from profiling import costs
from profiling.costs import FEW, MANY

ROUNDS = 31
FLOWS = ENOUGH

SLOW = {"off": 0, "on": sys.maxsize, "counted": 1}
"""How many flows a second come slowly, so that the profile times all of them."""

Times = dict[str, list[float]]
"""Nanoseconds of a flow in each round, by what was run."""


class Pair(NamedTuple):
    """One program's source: as it is, and as its profile times all flows, or counts most."""

    off: Source
    on: Source
    counted: Source


def keep(item: int) -> int:
    """Be a node that does nothing."""
    return item


def text_of(nodes: int, *, held: bool) -> str:
    """A chain of so many nodes, each under a constraint of its own if they are `held`."""
    names = [f"Node{number}" for number in range(nodes)]
    lines = ["Listen () -> (int item);", "source Listen => Chain;"]
    lines += [f"{name} (int item) -> (int item);" for name in names]
    lines += [f"constraint {name}: {{lock{name}}};" for name in names if held]
    return "\n".join([*lines, f"Chain = {' -> '.join(names)};"])


def pair(text: str) -> Pair:
    """One program, bound twice: once a profile is on, its plain turns lead to recorded ones."""
    return Pair(subject(text).loops[0].source, profiled(text), profiled(text))


def profiled(text: str) -> Source:
    """A program whose profile is on."""
    its = subject(text)
    Profiler(its, Tracing(NO_TRACES)).start()
    return its.loops[0].source


def subject(text: str) -> Subject:
    """A program of which everything is bound, and nothing runs."""
    plan = compile_program(SourceFile("chain.flux", text)).plan
    assert plan
    artifact = generate(plan)
    namespace: dict[str, Any] = {"__name__": "chain_flux"}
    text = artifact.files[artifact.main]
    linecache.cache[artifact.main] = (len(text), None, text.splitlines(keepends=True), "")
    exec(compile(text, artifact.main, "exec"), namespace)  # noqa: S102 - this is our own text
    functions = {function.name: keep for function in plan.functions}
    nodes = Nodes(SimpleNamespace(**(functions | {"Listen": lambda: 1})))
    constraints, paths, program = Constraints(), Paths(artifact.facts), namespace["program"]
    endings = Endings(Reports(), lambda: None, paths)
    loops = [
        SourceLoop(source, lambda *_: None, endings, lambda: None)
        for source in program(nodes, constraints).sources
    ]
    return Subject(
        artifact.main, program, nodes, constraints, loops, paths, artifact.facts, served={}
    )


def nanoseconds(source: Source) -> float:
    """The time of one flow, from its turn to its end."""
    run(source, 2 * pace.BLOCK)  # which shows that they come fast
    start = time.perf_counter_ns()
    run(source, FLOWS)
    return (time.perf_counter_ns() - start) / FLOWS


def run(source: Source, flows: int) -> None:
    """Run flows, from their turns to their ends."""
    for _ in range(flows):
        flow = Flow()
        inputs = source.inputs(source.turn(flow))
        flow.turn, flow.path = flow.path, 0
        source.flow(flow, *inputs)


def measure() -> Times:
    """The times of every program, with its profile off, on, and on after a rush, in every round."""
    pace.RUSH = 0
    pairs = {
        f"{nodes} {kind}": pair(text_of(nodes, held=kind == "held"))
        for kind in ("free", "held")
        for nodes in (FEW, MANY)
    }
    times: Times = {f"{name} {way}": [] for name in pairs for way in Pair._fields}
    for _ in range(ROUNDS):
        for name, each in pairs.items():
            for way, source in each._asdict().items():
                pace.SLOW = SLOW[way]
                times[f"{name} {way}"].append(nanoseconds(source))
    return times


def table(times: Times) -> str:
    """The table."""
    return costs.table("Python", lambda size, kind, way: min(times[f"{size} {kind} {way}"]), 0)

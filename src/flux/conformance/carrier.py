"""What runs behaviours: one target on one runtime."""

import logging
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from typing import Any, Literal, Protocol

from flux.api import LoadedProgram
from flux.conformance.behaviour import Behaviour, Counts, Options, Run
from flux.conformance.stage import Stage
from flux.driver import Compilation, compile_program, generate
from flux.plan.model import Plan
from flux.runtime import ProfileOptions, Server
from flux.source import SourceFile

Runtime = Literal["thread", "pool", "event"]

RUNTIMES: tuple[Runtime, ...] = ("thread", "pool")
WATCHDOG = 30.0
DEFAULTS = Options(drain=10.0)
KILLED = 128


class Carrier(Protocol):
    """Runs a behaviour's program, and tells what came of it."""

    @property
    def target(self) -> str:
        """What the program is generated in."""

    @property
    def runtime(self) -> str:
        """The runtime that carries the flows."""

    def run(self, behaviour: Behaviour) -> Run:
        """Act out a behaviour; to be called on the main thread."""


@dataclass(frozen=True, slots=True)
class PythonCarrier:
    """Runs what a back end generates as a Python module, in this process; maybe with a profile."""

    target: str
    runtime: Runtime
    profiled: bool = False

    def run(self, behaviour: Behaviour) -> Run:
        """Act out a behaviour; in a process of its own if that doesn't survive it."""
        if behaviour.status >= KILLED:
            return self._run_alone(behaviour)
        return self.act(behaviour)

    def act(self, behaviour: Behaviour) -> Run:
        """Act out a behaviour in this process."""
        stage, paths = Stage(behaviour.nodes), list[str]()
        server = self._server(behaviour, stage, paths)
        with _logged() as log, redirect_stderr(StringIO()) as errors, _watched():
            begun = time.monotonic()
            status = server.run()
            seconds = time.monotonic() - begun
        run = Run(
            events=tuple(stage.events),
            counts=Counts(*server.counters[1:]),
            status=status,
            seconds=seconds,
            drained=_drained(errors.getvalue()),
            log=tuple(log),
            paths=tuple(sorted(paths)) if self._tells_paths(behaviour) else None,
            profiled=counted(server.profiler.read()) if self.profiled else None,
        )
        stage.close()  # now flows that were cut go on
        return run

    def _server(self, behaviour: Behaviour, stage: Stage, paths: list[str]) -> Server:
        compilation, plan = compiled(behaviour)

        def on_end(flow: Any, source: Any, _outcome: object, error: Any) -> None:  # noqa: ANN401 - the runtime's own
            number = server.paths.number(source, flow, error)
            paths.append("unknown" if number is None else server.paths.name(source, number))

        implementation = stage.implementation(plan)
        server = LoadedProgram(compilation, implementation, self.target).server(
            runtime=self.runtime,
            observe=stage.observe,
            on_end=on_end,
            profile=ProfileOptions(on=self.profiled, file=os.devnull if self.profiled else None),
            **(DEFAULTS | behaviour.options),
        )
        return server

    def _tells_paths(self, behaviour: Behaviour) -> bool:
        _, plan = compiled(behaviour)
        return "lines" in generate(plan, self.target).facts

    def _run_alone(self, behaviour: Behaviour) -> Run:
        command = [sys.executable, "-m", "flux.conformance", "--target", self.target]
        command += ["--runtime", self.runtime, "--act", behaviour.name]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
        ended = subprocess.run(command, env=environment, timeout=WATCHDOG, check=False)  # noqa: S603 - ourselves
        return Run((), behaviour.counts, ended.returncode, 0.0)


def counted(profile: Mapping[str, Any]) -> tuple[str, ...]:
    """The paths that flows have taken, as a profile tells it; each stands there once a flow."""
    counts = Counter[str]()
    for path in profile["paths"]:
        counts["unknown" if path["path"] is None else path["name"]] += path["count"]
    return tuple(sorted(counts.elements()))


def compiled(behaviour: Behaviour) -> tuple[Compilation, Plan]:
    """A behaviour's program, which has no mistakes."""
    compilation = compile_program(SourceFile("behaviour.flux", behaviour.program))
    if compilation.plan is None:
        raise AssertionError(f"{behaviour}: {compilation.diagnostics}")
    return compilation, compilation.plan


@contextmanager
def _watched() -> Iterator[None]:
    """Let a program that hangs be stopped as by its user."""
    watchdog = threading.Timer(WATCHDOG, os.kill, (os.getpid(), signal.SIGTERM))
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()
        watchdog.join()


@contextmanager
def _logged() -> Iterator[list[str]]:
    """Gather what the program reports."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("flux")
    log.addHandler(handler)
    propagate, log.propagate = log.propagate, False
    try:
        yield lines
    finally:
        log.propagate = propagate
        log.removeHandler(handler)


def _drained(errors: str) -> tuple[int, int] | None:
    match = re.search(r"drained: (\d+) finished, (\d+) cut", errors)
    return (int(match[1]), int(match[2])) if match else None

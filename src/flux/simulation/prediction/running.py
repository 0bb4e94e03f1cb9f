"""Runs of models, one after the other or several at once.

An engine is a function that simulates one model. It is passed in, so that whoever predicts needs
to know neither which one there is nor where it runs.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from flux.simulation.model import Model
from flux.simulation.result import Result

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

Simulate = Callable[[Model, int, int, int], Result]
"""Model, seed, flows that count, flows of the warm-up -> what came of it."""


class Job(NamedTuple):
    """One run."""

    model: Model
    seed: int
    flows: int
    warmup: int


Runner = Callable[[Sequence[Job]], "list[Result | None]"]
"""Runs jobs; None is the result of one whose flows came faster than they could end."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What simulates, what it raises when flows pile up, and where several of it run at once."""

    simulate: Simulate
    saturated: type[Exception]
    where: Literal["processes", "threads"] = "processes"


@contextmanager
def runner(engine: Engine, workers: int) -> Iterator[Runner]:
    """What runs jobs on so many processors; when it is left, jobs that wait are forgotten."""
    work = partial(_result, engine.simulate, engine.saturated)
    if workers == 1:
        yield lambda jobs: [work(job) for job in jobs]
        return
    executor = _executor(engine, workers)
    if engine.where == "processes":
        work = partial(_unless_ended, work)

    def run(jobs: Sequence[Job]) -> list[Result | None]:
        with _interrupts_held():
            results = executor.map(work, jobs)
        try:
            return list(results)
        except KeyboardInterrupt:
            for process in _processes(executor):
                process.terminate()
            raise

    try:
        yield run
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def _executor(engine: Engine, workers: int) -> Executor:
    if engine.where == "threads":
        return ThreadPoolExecutor(workers)
    # These take a while to load, and most commands need neither.
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
    from multiprocessing import get_context  # noqa: PLC0415

    # Forks of a process with threads may hang.
    return ProcessPoolExecutor(workers, get_context("spawn"), _let_be_ended)


def _processes(executor: Executor) -> "list[BaseProcess]":
    """Those that jobs run in."""
    return [*(getattr(executor, "_processes", None) or {}).values()]


def _let_be_ended() -> None:
    """A process that is told to end takes with it what it has begun: a simulator, or a compiler."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Processes that begin now never see Ctrl-C: it is for this one, which gets it afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _unless_ended(work: "partial[Result | None]", job: Job) -> Result | None:
    try:
        return work(job)
    except SystemExit:  # the executor would go on with the next job
        os._exit(0)


def _result(simulate: Simulate, saturated: type[Exception], job: Job) -> Result | None:
    try:
        return simulate(*job)
    except saturated:
        return None

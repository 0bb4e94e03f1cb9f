"""Running a model in C++: a process that reads numbers and prints a result."""

import json
import subprocess
from itertools import accumulate
from typing import Any

from flux.simulation.engines.cpp.build import build
from flux.simulation.engines.cpp.numbers import numbers
from flux.simulation.engines.cpp.text import emit_program
from flux.simulation.engines.features import features_of
from flux.simulation.engines.latencies import together
from flux.simulation.engines.limits import MOST_FLOWS, check
from flux.simulation.engines.waiting import saturated
from flux.simulation.errors import EngineError, StalledError
from flux.simulation.model import Model
from flux.simulation.result import ConstraintUse, FunctionUse, Latencies, Result


def simulate(
    model: Model, seed: int, flows: int, warmup: int, most_flows: int = MOST_FLOWS
) -> Result:
    """Run a model until so many flows have ended.

    Raises:
        MissingCompilerError: There is no compiler.
        ModelError: The model makes no sense.
        SaturatedError: More than `most_flows` flows are inside at a time.
        StalledError: Nothing happens any more.
        EngineError: The simulator doesn't compile, or has failed.
    """
    check(model, seed, flows, warmup)
    binary = build(emit_program(model, features_of(model)))
    told = _told(str(binary), numbers(model, seed, flows, warmup, most_flows))
    if told.get("is") == "stalled":
        raise StalledError(model.program)
    if told.get("is") == "saturated":
        inside, *waiting = told["waiting"]
        raise saturated(model, inside, waiting)
    return _result(model, told)


def _told(binary: str, words: str) -> dict[str, Any]:
    """What the process says."""
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [binary], input=words, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise EngineError(f"the simulator {binary} can't be run: {error.strerror}") from None
    if done.returncode:
        said = done.stderr.strip() or "it said nothing"
        raise EngineError(f"the simulator ended with status {done.returncode}: {said}")
    try:
        told: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise EngineError(f"the simulator {binary} printed no result") from None
    return told


def _result(model: Model, told: dict[str, Any]) -> Result:
    routes = _by_source(model, [_latencies(*each) for each in told.pop("routes")])
    latencies = together(routes)
    return Result(
        completed=latencies.count,
        latencies=latencies,
        batches=tuple(told.pop("batches")),
        functions=tuple(FunctionUse(*each) for each in told.pop("functions")),
        constraints=tuple(ConstraintUse(*each) for each in told.pop("constraints")),
        routes=routes,
        **told,
    )


def _latencies(
    count: int, total: float, squares: float, longest: float, buckets: list[tuple[int, int]]
) -> Latencies:
    return Latencies(count, total, squares, longest, dict(buckets))


def _by_source(model: Model, found: list[Latencies]) -> tuple[tuple[Latencies, ...], ...]:
    sizes = [len(source.routes) for source in model.sources]
    ends = accumulate(sizes)
    return tuple(tuple(found[end - size : end]) for end, size in zip(ends, sizes, strict=True))

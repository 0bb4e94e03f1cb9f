"""Running a model in Python."""

import linecache
from collections.abc import Callable
from functools import lru_cache
from random import Random
from typing import Any

from flux.collector import without_collector
from flux.simulation.engines.features import Features, features_of
from flux.simulation.engines.latencies import parts, together
from flux.simulation.engines.limits import MOST_FLOWS, check
from flux.simulation.engines.python.state import State
from flux.simulation.engines.python.text import emit_loop
from flux.simulation.errors import StalledError
from flux.simulation.model import Model
from flux.simulation.result import Result

Loop = Callable[[State, Callable[[], float], list[int], int], dict[str, Any]]


@without_collector
def simulate(
    model: Model, seed: int, flows: int, warmup: int, most_flows: int = MOST_FLOWS
) -> Result:
    """Run a model until so many flows have ended.

    Raises:
        ModelError: It makes no sense.
        SaturatedError: More than `most_flows` flows are inside at a time.
        StalledError: Nothing happens any more.
    """
    check(model, seed, flows, warmup)
    random, f = Random(seed).random, features_of(model)  # noqa: S311 - chance, not secrets
    state = State(model, f, random)
    run = _loop(model.program, f)
    try:
        totals = run(state, random, [warmup, *parts(flows)], most_flows)
    except IndexError:
        if state.events or state.agenda:
            raise
        raise StalledError(model.program) from None
    return _result(state, totals)


@lru_cache(maxsize=64)
def _loop(program: str, f: Features) -> Loop:
    """The loop for models of these features, with lines that tracebacks and profilers show."""
    text = emit_loop(program, f)
    name = f"<simulation of {program} {hash(f) & 0xFFFF_FFFF:08x}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    names: dict[str, Any] = {}
    exec(compile(text, name, "exec"), names)  # noqa: S102 - our own text, from features only
    run: Loop = names["run"]
    return run


def _result(state: State, totals: dict[str, Any]) -> Result:
    now = totals.pop("now")
    routes = tuple(tuple(tally.latencies() for tally in each) for each in state.tallies)
    latencies = together(routes)
    return Result(
        **totals,
        completed=latencies.count,
        latencies=latencies,
        batches=tuple(state.means),
        functions=state.functions(),
        constraints=state.constraints(now),
        routes=routes,
    )

"""Where there is no closed form, SimPy tells what is right: flow by flow, by the same chances."""

import pytest
from simulation.oracle import Oracle
from simulation.small import mean

from flux.simulation.engines import cpp, python
from flux.simulation.model import (
    Constraint,
    Function,
    Give,
    Machine,
    Model,
    Open,
    Route,
    Run,
    Source,
    Take,
)
from flux.simulation.times import Exponential

FLOWS = 20_000

pytestmark = pytest.mark.usefixtures("flux_cache")


@pytest.fixture(params=[cpp, python], ids=["cpp", "python"])
def engine(request):
    return request.param


def model(rate, processors, constraints, *routes):
    source = Source("Listen", Open(Exponential(1 / rate)), tuple(routes))
    functions = (Function("Look", Exponential(1.0)), Function("Change", Exponential(0.3)))
    machine = Machine(processors=processors)
    named = tuple(Constraint("cache") for _ in range(constraints))
    return Model("oracle", (source,), functions, named, machine)


def held(constraint, mode, *steps):
    return (Take(constraint, mode), *steps, Give(constraint, mode))


LOOK, CHANGE = Run(0), Run(1)
READER = Route("reads", 3.0, (CHANGE, *held(0, "reader", LOOK), CHANGE))
WRITER = Route("writes", 1.0, (CHANGE, *held(0, "writer", CHANGE, CHANGE)))
MODELS = {
    "a constraint before anything else": model(
        0.7, 2, 1, Route("only", 1.0, (*held(0, "writer", LOOK), CHANGE))
    ),
    "a constraint in between": model(
        2.0, 4, 1, Route("only", 1.0, (LOOK, *held(0, "writer", CHANGE)))
    ),
    "constraints within each other": model(
        0.8, 3, 2,
        Route("both", 1.0, (*held(0, "writer", CHANGE, *held(1, "writer", CHANGE)), CHANGE)),
        Route("one", 1.0, (LOOK, *held(1, "writer", CHANGE))),
    ),
    "readers and writers": model(1.2, 4, 1, READER, WRITER),
    "readers and writers on one processor": model(0.45, 1, 1, READER, WRITER),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_flows_take_as_long_as_in_simpy(engine, name):
    result = engine.simulate(MODELS[name], 11, FLOWS, 0)
    times = Oracle(MODELS[name], 11).run(FLOWS)
    assert mean(result) == pytest.approx(sum(times) / FLOWS, rel=1e-9)
    assert result.latencies.squares == pytest.approx(sum(time**2 for time in times), rel=1e-9)
    assert result.latencies.longest == pytest.approx(max(times), rel=1e-9)
    part = FLOWS // 20
    parts = [sum(times[n : n + part]) / part for n in range(0, FLOWS, part)]
    assert result.batches == pytest.approx(parts, rel=1e-9)

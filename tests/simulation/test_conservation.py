"""Nothing is lost: flows, and the time that they take."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simulation.models import lengths, models
from simulation.small import model, queue

from flux.simulation.engines import python
from flux.simulation.model import (
    Closed,
    Constraint,
    Function,
    Give,
    Machine,
    Model,
    Recorded,
    Route,
    Run,
    Source,
    Take,
)
from flux.simulation.result import Latencies
from flux.simulation.times import NOTHING, Constant, Exponential

LATER = 1e9

gaps = st.lists(lengths, min_size=1, max_size=30)


def emptied(whole, times):
    """The model with one source of so many flows, all of which end before others come."""
    routes = [replace(each, steps=(*each.steps, Run(0))) for each in whole.sources[0].routes]
    source = Source("Listen", Recorded((*times, LATER)), tuple(routes))
    machine = replace(whole.machine, drops=False, overhead=NOTHING, wakeup=0.0)
    return replace(whole, sources=(source,), machine=machine)


properties = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@properties
@given(models(), gaps)
def test_the_time_of_flows_is_what_they_do_and_wait_for(whole, times):
    result = python.simulate(emptied(whole, times), 1, len(times), 0)
    functions, constraints = result.functions, result.constraints
    parts = (
        sum(use.cpu + use.io + use.waiting + use.beginning for use in functions),
        sum(use.waiting for use in constraints),
        result.outside + result.queued,
    )
    assert sum(parts) == pytest.approx(result.latencies.total)
    assert result.inside == pytest.approx(result.latencies.total)
    assert result.processors == pytest.approx(sum(use.cpu for use in functions))


def test_what_flows_wait_for_before_their_first_call_is_told_apart():
    steps = (Run(0), Run(1))
    calls = [Function("Read", Constant(0.3)), Function("Write", Constant(0.3))]
    result = python.simulate(model(Recorded((1.0,)), calls, steps, wakeup=0.1), 1, 100, 10)
    first, second = result.functions
    assert first.beginning == pytest.approx(100 * 0.1)
    assert first.waiting == second.waiting == second.beginning == 0


def test_flows_that_are_woken_in_a_queue_wait_for_its_constraint_only():
    """Two at a time want it, so the second is woken, and has an idle processor a second later."""
    steps = (Take(0, "writer"), Run(0), Give(0, "writer"))
    calls = [Function("Read", NOTHING, Constant(1.0))]
    pairs = Recorded((100.0, 0.0))
    whole = model(
        pairs, calls, steps, [Constraint("cache")], processors=4, policy="barging", wakeup=0.25
    )
    result = python.simulate(whole, 1, 100, 10)
    (use,), (constraint,) = result.functions, result.constraints
    assert use.beginning == pytest.approx(100 * 0.25)
    assert use.waiting == pytest.approx(100 * 0.25)
    assert constraint.waiting == pytest.approx(50 * 1.5)


@properties
@given(models(), gaps)
def test_every_flow_that_arrives_goes_all_of_its_route(whole, times):
    whole = emptied(whole, times)
    result = python.simulate(whole, 1, len(times), 0)
    went = [each.count for each in result.routes[0]]
    assert result.arrived == result.completed == sum(went) == len(times)
    steps = Counter()
    for route, count in zip(whole.sources[0].routes, went, strict=True):
        for step in route.steps:
            steps[type(step), getattr(step, "function", getattr(step, "constraint", None))] += count
    assert [use.calls for use in result.functions] == [
        steps[Run, number] for number in range(len(whole.functions))
    ]
    assert [use.taken for use in result.constraints] == [
        steps[Take, number] for number in range(len(whole.constraints))
    ]


@settings(properties, max_examples=50)
@given(models())
def test_nothing_is_used_more_than_there_is_of_it(whole):
    if isinstance(whole.sources[0].arrivals, Closed):
        whole = replace(whole, sources=whole.sources[:1])
    whole = replace(whole, machine=replace(whole.machine, max_flows=5, drops=True))
    result = python.simulate(whole, 1, 100, 10)
    most = result.elapsed * (1 + 1e-9) + 1e-9
    assert -1e-9 <= result.processors <= most * whole.machine.processors
    assert -1e-9 <= result.threads <= most * (whole.machine.threads or 0)
    assert -1e-9 <= result.gil <= most
    assert result.inside >= -1e-9
    if not whole.machine.turns:  # else there are those whom their source has not taken yet
        assert result.inside <= most * 5
    for use in result.constraints:
        assert -1e-9 <= use.busy <= most
        assert use.busy <= use.holding + 1e-9
        assert use.contended <= use.taken
        assert use.waiting >= -1e-9


def test_arrivals_are_flows_that_end_are_dropped_or_stay():
    result = python.simulate(queue(5.0, Exponential(1.0), max_flows=3, drops=True), 1, 1000, 0)
    assert 0 <= result.arrived - result.completed - result.dropped <= 3
    assert result.dropped > 3000


def test_equal_seeds_give_equal_runs_and_others_do_not():
    several = queue(0.7, Exponential(1.0))
    first, again, other = (python.simulate(several, seed, 1000, 10) for seed in (1, 1, 2))
    assert first == again != other


def test_who_comes_first_is_served_first():
    arrivals = [0.5, 0.1, 0.1, 2.0, 0.3, 0.9]
    rounds = 50
    result = python.simulate(
        model(Recorded(tuple(arrivals)), [Function("Serve", Constant(0.6))], (Run(0),)),
        1, rounds * len(arrivals), 0,
    )  # fmt: skip
    times, waiting = [0.6], 0.0
    for _, gap in pairwise(arrivals * rounds):
        waiting = max(0.0, waiting + 0.6 - gap)
        times.append(waiting + 0.6)
    assert result.latencies.total == pytest.approx(sum(times))
    assert result.latencies.squares == pytest.approx(sum(time**2 for time in times))
    assert result.latencies.longest == pytest.approx(max(times))


def test_latencies_of_a_route_are_those_of_the_flows_that_went_it():
    ways = [Route("short", 1.0, (Run(0),)), Route("never", 0.0, ()), Route("long", 3.0, (Run(1),))]
    source = Source("Listen", Recorded((10.0,)), tuple(ways))
    functions = (Function("Serve", Constant(0.25)), Function("Think", Constant(4.0)))
    whole = Model("two ways", (source,), functions, (), Machine())
    result = python.simulate(whole, 1, 1000, 50)
    ((short, never, long),) = result.routes
    assert never == Latencies(0, 0.0, 0.0, 0.0, {})
    assert (short.total, short.longest) == (0.25 * short.count, 0.25)
    assert (long.total, long.squares) == (4.0 * long.count, 16.0 * long.count)
    assert (len(short.buckets), len(long.buckets)) == (1, 1)
    assert result.latencies.total == short.total + long.total
    assert 700 < long.count < 800


def convoy(policy, patience=1e9):
    """One processor; its flows spend most of their time under one constraint."""
    steps = (Run(0), Take(0, "writer"), Run(1), Run(0), Give(0, "writer"))
    functions = [Function("Look", Constant(0.2)), Function("Read", NOTHING, Exponential(0.2))]
    whole = model(
        Closed(10, Exponential(1.0)), functions, steps, [Constraint("cache")],
        processors=1, policy=policy, patience=patience,
    )  # fmt: skip
    return python.simulate(whole, 1, 5000, 100)


def test_a_constraint_that_is_handed_on_is_held_by_who_waits_for_a_processor():
    handed, barged = convoy("handoff"), convoy("barging")
    assert handed.constraints[0].holding > 1.1 * barged.constraints[0].holding
    assert handed.elapsed > barged.elapsed


def test_patience_decides_for_how_long_newcomers_may_pass():
    patient, hasty = convoy("barging"), convoy("barging", patience=0.0)
    assert patient.latencies.squares > 1.05 * hasty.latencies.squares

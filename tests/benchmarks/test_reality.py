"""How predictions are judged by what happened: schedules, void runs, misses and their causes."""

from dataclasses import replace
from random import Random
from statistics import fmean, stdev

import pytest
from observing import image_server
from observing.conditions import Conditions, why_void
from observing.judging import UNKNOWN, judged
from observing.lock_server import Demands
from observing.machine import processors
from observing.observation import Run, together
from observing.points import Compared, Point, Predicted
from observing.predictions import Known, most
from observing.report import text
from observing.schedules import PAUSE, Planned, drawn, gaps, resting, write
from observing.typical import Load, typical

from flux.simulation.model import Function, Machine, Model, Open, Route, Source
from flux.simulation.model import Run as Step
from flux.simulation.prediction.intervals import Estimate
from flux.simulation.prediction.replications import Subject
from flux.simulation.times import Constant, Exponential

QUIET = Conditions(others=0.01, load=0.01, shares=False, failed=0)
RUN = Run(11, (0.0, 1.0, 2.0, 3.0), (1.0, 1.0, 1.0, 1.0), 4, 2.0, QUIET)
POINT = Point("a server", 1, 0.5, 1.0, (RUN,), emulated=False)


def around(value, width=0.05):
    return Estimate(value, value * (1 - width), value * (1 + width))


RIGHT = Predicted(around(1.0), around(1.0), around(1.0), cpu=0.5)


def judge(point=POINT, **changes):
    return judged(Compared(point, replace(RIGHT, **changes)))


def test_a_seed_draws_the_same_schedule_again():
    first, second = (
        drawn(100, 1, 7, lambda random, flows: [(random.random(),)] * flows) for _ in range(2)
    )
    assert first == second
    assert first[-2].due < 1 <= first[-1].due


def test_a_schedule_has_a_line_for_each_flow(tmp_path):
    schedule = drawn(100, 0.1, 7, lambda _, flows: [(3,)] * flows)
    lines = write(schedule, tmp_path / "schedule").read_text().splitlines()
    assert [float(line.split()[0]) for line in lines] == pytest.approx([due for due, _ in schedule])
    assert {line.split()[1] for line in lines} == {"3"}


def test_each_run_asks_for_as_many_of_each_picture_as_weights_say():
    asked = [picture for (picture,) in image_server.needs(Random(1), 50)]
    assert sorted(asked) == [0] * 10 + [1] * 30 + [2] * 10
    assert asked != sorted(asked)
    assert len(image_server.needs(Random(1), 53)) == 53


def test_what_flows_need_makes_them_wait_as_long_as_usual():
    queue, load = image_server.queue(1), Load(400, 3.0, 0.9)
    usual = [_waited(typical(load, image_server.needs, queue, seed)) for seed in (1, 1, 2)]
    assert usual[0] == usual[1] != usual[2]
    dues = [due for due, _ in typical(load, image_server.needs, queue, 1)]
    needs = [image_server.needs(Random(n), len(dues)) for n in range(50)]
    drawn = [_waited(list(map(Planned, dues, each))) for each in needs]
    assert usual[0] == pytest.approx(fmean(drawn), rel=0.05)
    assert stdev(drawn) > 0.05 * fmean(drawn)


def _waited(schedule):
    """How long flows wait for one processor on average, at a utilisation of 0.9."""
    costs = [image_server.COSTS[picture] for _, (picture,) in schedule]
    unit = 0.9 / 400 / fmean(costs)
    free = waited = 0.0
    for (due, _), cost in zip(schedule, costs, strict=True):
        waited += max(free - due, 0.0)
        free = max(free, due) + unit * cost
    return waited / len(schedule)


@pytest.mark.parametrize(("cpus", "servers", "needed"), [(1, 1, 6), (2, 2, 6), (4, 1, 2)])
def test_flows_of_the_lock_server_wait_for_whatever_carries_less(cpus, servers, needed):
    queue = Demands(0.004, 0.003, 0.001).queue(cpus)
    assert (queue.servers, queue.needed((1, 2, 3))) == (servers, needed)


def test_schedules_follow_each_other_after_a_pause():
    assert gaps([[0.25, 1.0], [0.5]]) == (PAUSE + 0.25, 0.75, PAUSE + 0.5)
    assert resting([[0.25, 1.0], [0.5]]) == pytest.approx(2 * PAUSE / (1.5 + 2 * PAUSE))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"others": 0.06}, "others used 6% of a processor"),
        ({"load": 0.06, "shares": True}, "the load generator used 6% of the server's processors"),
        ({"load": 0.71}, "the load generator used 71% of its processors"),
        ({"stopped": 0.02}, "a processor stood still for 20 ms"),
        ({"stopped": 0.009}, None),
        ({"pace": 1.06}, "the same work took 106% of its usual time"),
        ({"pace": 0.96}, None),
        ({"failed": 2}, "2 flows failed"),
        ({}, None),
    ],
)
def test_a_run_is_void_by_the_rule(changes, why):
    assert why_void(replace(QUIET, **changes)) == why


def test_runs_are_taken_together():
    found = together([RUN, replace(RUN, latencies=(3.0, 3.0, 3.0, 3.0))])
    assert (found.flows, found.mean, found.p95) == (8, 2.0, 3.0)
    assert found.throughput == pytest.approx(8 / (4 + 6))
    assert found.cpu == 0.5


def test_what_is_as_predicted_is_no_miss():
    assert judge().misses == ()


@pytest.mark.parametrize(
    ("changes", "missed"),
    [
        ({"throughput": around(1.06)}, ("throughput",)),
        ({"mean": around(1.06, 0.09)}, ("mean",)),
        ({"p95": around(1.11)}, ("p95",)),
        ({"mean": around(1.0, 0.11)}, ("too wide",)),
        ({"mean": around(1.04, 0.01)}, ("outside",)),
    ],
)
def test_each_goal_can_be_missed(changes, missed):
    assert judge(**changes).misses == missed


def test_near_saturation_more_is_allowed():
    assert judge(replace(POINT, utilisation=0.9), mean=around(1.14, 0.24)).misses == ()
    assert judge(replace(POINT, utilisation=0.9), mean=around(1.16, 0.24)).misses == ("mean",)


def test_another_demand_is_a_cause_if_it_accounts_for_most_of_a_miss():
    assert (
        judge(mean=around(1.2), cpu=0.55).cause == "flows used 10.0% less CPU than when calibrated"
    )
    assert judge(mean=around(1.2), cpu=0.51).cause == UNKNOWN
    assert judge(mean=around(1.2), cpu=0.45).cause == UNKNOWN


def test_what_others_used_is_a_cause_if_it_accounts_for_most_of_a_miss():
    busy = replace(POINT, runs=(replace(RUN, conditions=replace(QUIET, others=0.04)),))
    assert judge(busy, mean=around(0.9)).cause == "others used 4.0% of a processor"
    assert judge(busy, mean=around(0.8)).cause == UNKNOWN
    assert judge(busy, mean=around(1.1)).cause == UNKNOWN
    assert judge(replace(busy, cpus=2), mean=around(0.9)).cause == UNKNOWN
    assert judge(replace(busy, emulated=True), mean=around(0.9)).cause == UNKNOWN


def test_both_are_a_cause_if_they_account_for_most_of_a_miss_together():
    busy = replace(POINT, runs=(replace(RUN, conditions=replace(QUIET, others=0.04)),))
    assert judge(busy, mean=around(0.8), cpu=0.48).cause == (
        "flows used 4.0% more CPU than when calibrated, and others used 4.0% of a processor"
    )


def test_void_runs_are_no_observation():
    point = replace(POINT, runs=(replace(RUN, conditions=replace(QUIET, failed=1)),))
    assert judged(Compared(point, None)).misses == ("void",)


def test_the_table_has_every_point_and_counts_misses():
    wrong = Compared(POINT, replace(RIGHT, p95=around(2.0)))
    shown = text([Compared(POINT, RIGHT), wrong, Compared(POINT, None)])
    assert shown.startswith("Of 3 points 2 are misses (p95 1, saturated 1). 100% of the means")
    assert shown.count("| a server |") == 3


def test_where_the_load_generator_shares_processors_the_model_knows():
    machine = Machine(processors=1, overhead=Constant(0.003), overhead_gil=0.5)
    route = Route("all", 1.0, (Step(0),))
    source = Source("Listen", Open(Exponential(1.0)), (route,))
    model = Model("p", (source,), (Function("Work", Constant(0.006)),), (), machine)
    server = Known(Subject(model), load=0.001)
    alone, shared = (server.on(cpus).middle for cpus in (processors() + 1, processors()))
    assert server.load_on(processors() + 1) == 0.0
    assert (alone.machine.overhead, alone.machine.overhead_gil) == (Constant(0.003), 0.5)
    assert shared.machine.overhead == Constant(0.004)
    assert shared.machine.overhead_gil * 0.004 == pytest.approx(0.5 * 0.003)
    assert most(server, processors()) == pytest.approx(processors() / 0.010)

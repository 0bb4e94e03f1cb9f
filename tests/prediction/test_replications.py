"""Predictions from several runs."""

import pytest
from predicted.engine import run, simulate
from predicted.models import image_model, single

from flux.simulation.prediction.measures import figures
from flux.simulation.prediction.replications import Effort, Subject, predicted, seeds

FAST = Effort(runs=10, flows=1000)


def recorded(jobs):
    """A runner that keeps the jobs."""

    def record(some):
        jobs.append(some)
        return run(some)

    return record


def test_an_interval_holds_what_the_engine_has_for_true():
    found = predicted(Subject(single(50, 0.01)), run, FAST)
    assert found.latency("mean").low < 0.02 < found.latency("mean").high
    assert found.estimates["throughput",].value == pytest.approx(50, rel=0.01)


def test_quantiles_are_those_of_the_runs():
    found = predicted(Subject(single(50, 0.01)), run, FAST)
    assert found.latency("p95").value == pytest.approx(0.02 * 2.9957, rel=0.02)


def test_equal_seeds_predict_the_same():
    first = predicted(Subject(single()), run, FAST)
    assert first.estimates == predicted(Subject(single()), run, FAST).estimates
    assert first.estimates != predicted(Subject(single()), run, Effort(10, 1000, 2)).estimates


def test_each_run_has_a_seed_of_its_own():
    jobs = []
    predicted(Subject(single()), recorded(jobs), FAST)
    chosen = [job.seed for some in jobs for job in some]
    assert len(set(chosen)) == len(chosen) == 3 + 10


def test_seeds_stay_what_they_are():
    assert seeds(1, 0) == 34887875813985


def test_pilots_run_without_a_warm_up_and_find_it():
    jobs = []
    found = predicted(Subject(single()), recorded(jobs), FAST)
    pilots, runs = jobs
    assert {job.warmup for job in pilots} == {0}
    assert {job.warmup for job in runs} == {found.warmup} == {100}


def test_each_run_has_parameters_of_its_own():
    doubtful = Subject(single(50, 0.01), lambda seed: single(50, 0.008 + 0.004 * (seed % 2)))
    sure = predicted(Subject(single(50, 0.01)), run, FAST)
    assert predicted(doubtful, run, FAST).latency("mean").spread > 3 * sure.latency("mean").spread


def test_more_runs_leave_open_what_the_measurement_left_open():
    doubtful = Subject(single(50, 0.01), lambda seed: single(50, 0.008 + 0.004 * (seed % 2)))
    found = predicted(doubtful, run, Effort(runs=40, flows=1000)).latency("mean")
    fast, slow = 0.008 / (1 - 0.4), 0.012 / (1 - 0.6)
    assert found.low < fast
    assert slow < found.high


def test_a_change_is_made_to_every_model_of_a_subject():
    subject = Subject(single(50), lambda _: single(60))
    changed = subject.changed(lambda model: model.machine)
    assert (changed.model, changed.variant(1)) == (single().machine, single().machine)


def test_more_flows_than_can_be_carried_are_not_simulated():
    jobs = []
    found = predicted(Subject(single(150, 0.01)), recorded(jobs), FAST)
    assert found.is_saturated
    assert not jobs
    assert found.limit.rate == pytest.approx(100)


def test_runs_that_come_to_no_end_leave_latencies_without_a_bound():
    sometimes = Subject(single(95, 0.01), lambda seed: single(95, 0.009 + 0.003 * (seed % 2)))
    found = predicted(sometimes, run, FAST)
    assert 0 < found.saturated < FAST.runs
    assert found.latency("p95").high == float("inf")


def test_a_part_is_never_more_than_all():
    found = predicted(Subject(single(99, 0.01)), run, FAST)
    assert found.estimates["use", "processors", "processors"].high <= 1


def test_waiting_for_a_constraint_belongs_to_the_node_behind_it():
    model = image_model()
    found = figures(model, simulate(model, 1, 1000, 0))
    assert found["node", "Check", "waiting for constraints"] > 0
    assert found["node", "Compress", "waiting for constraints"] == 0


def test_a_flows_time_is_the_sum_of_its_parts():
    model = image_model()
    found = figures(model, simulate(model, 1, 1000, 0))
    parts = sum(value for key, value in found.items() if key[0] == "flow")
    assert parts == pytest.approx(found["latency", "mean"], rel=0.03)

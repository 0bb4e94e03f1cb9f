"""Jobs on one processor and on several."""

from dataclasses import replace

import pytest
from predicted.engine import ENGINE, heard
from predicted.models import single

from flux.simulation.prediction.running import Job, runner

JOBS = [Job(single(rate), seed, 200, 20) for seed, rate in enumerate((20, 50, 80))]


def test_jobs_run_in_their_order():
    with runner(ENGINE, 1) as run:
        elapsed = [result.elapsed for result in run(JOBS)]
    assert elapsed == sorted(elapsed, reverse=True)


@pytest.mark.parametrize("where", ["processes", "threads"])
def test_several_at_once_give_the_same_results(where):
    with runner(ENGINE, 1) as run, runner(replace(ENGINE, where=where), 2) as several:
        assert several(JOBS) == run(JOBS)


def test_a_saturated_run_has_no_result():
    with runner(ENGINE, 1) as run:
        assert run([Job(single(200), 1, 200, 20)]) == [None]


def test_ctrl_c_is_for_the_first_process_alone():
    with runner(replace(ENGINE, simulate=heard), 2) as run:
        assert run(JOBS) == [False, False, False]
    assert heard()

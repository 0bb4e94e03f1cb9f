"""Jobs on one processor and on several."""

import os
import select
import signal
from dataclasses import replace
from functools import partial

import pytest
from predicted.engine import ENGINE, endless, heard
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


@pytest.fixture
def interrupted():
    """Ctrl-C as programs get it, whatever whoever runs the tests has made of it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupted")
def test_ctrl_c_ends_what_other_processes_have_begun(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    engine = replace(ENGINE, simulate=partial(endless, pipe, os.getpid()))
    with pytest.raises(KeyboardInterrupt), runner(engine, 2) as run:
        run(JOBS[:1])
    assert os.read(reader, 1) == b"."
    assert select.select([reader], [], [], 30)[0]
    assert os.read(reader, 1) == b""
    os.close(reader)

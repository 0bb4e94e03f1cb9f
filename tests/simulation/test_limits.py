"""What can't be simulated is said, with its place."""

from dataclasses import replace

import pytest
from simulation.small import model, queue

from flux.simulation.engines import cpp, python, run
from flux.simulation.engines.cpp import engine as process
from flux.simulation.errors import EngineError, ModelError, SaturatedError, StalledError
from flux.simulation.model import (
    Closed,
    Constraint,
    Function,
    Give,
    Open,
    Recorded,
    Route,
    Run,
    Source,
    Take,
)
from flux.simulation.times import Constant, Empirical, Exponential, Hyperexponential, Uniform

ONE = Exponential(1.0)

pytestmark = pytest.mark.usefixtures("flux_cache")


@pytest.fixture(params=[cpp, python], ids=["cpp", "python"])
def engine(request):
    return request.param


def test_a_model_with_too_much_to_do_is_saturated(engine):
    with pytest.raises(SaturatedError, match=r"small is saturated.*wait for a processor") as error:
        engine.simulate(queue(2.0, ONE), 1, 1_000_000, 0, 1000)
    assert error.value.flows == 1001


def test_a_saturated_model_names_the_constraint_that_all_wait_for(engine):
    steps = (Take(0, "writer"), Run(0), Give(0, "writer"))
    locked = model(
        Open(Exponential(0.5)), [Function("Store", ONE)], steps, [Constraint("cache")], processors=8
    )
    with pytest.raises(SaturatedError, match="wait for the constraint cache"):
        engine.simulate(locked, 1, 1_000_000, 0, 1000)


def test_flows_that_wait_for_each_other_stand_still(engine):
    a, b = (Take(0, "writer"), Run(0)), (Take(1, "writer"), Run(0))
    whole = model(
        Closed(5, ONE),
        [Function("Store", ONE)],
        (*a, *b),
        [Constraint("a"), Constraint("b")],
        processors=9,
    )
    both = (
        Route("one", 1.0, (*a, *b, Give(1, "writer"), Give(0, "writer"))),
        Route("other", 1.0, (*b, *a, Give(0, "writer"), Give(1, "writer"))),
    )
    whole = replace(whole, sources=(replace(whole.sources[0], routes=both),))
    with pytest.raises(StalledError, match="wait for each other"):
        engine.simulate(whole, 1, 1000, 0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (queue(1.0, Constant(-1.0)), "processor time of Serve can't be"),
        (queue(1.0, Uniform(2.0, 1.0)), "processor time of Serve can't be"),
        (queue(1.0, Empirical((0.0, 1.0), (0,))), "processor time of Serve can't be"),
        (queue(1.0, Hyperexponential((1.0,), ())), "processor time of Serve can't be"),
        (queue(1.0, ONE, overhead_gil=2.0), "2.0 of the overhead can't need Python's lock"),
        (queue(1.0, ONE, gil=1.5), "1.5 of the processor time of Serve can't need Python's lock"),
        (queue(1.0, ONE, processors=0), "a machine needs a processor"),
        (queue(1.0, ONE, threads=0), "a pool needs a thread"),
        (queue(1.0, ONE, max_flows=0), "there must be place for a flow"),
        (queue(1.0, ONE, wakeup=-1.0), "wakeup can't be -1.0"),
        (queue(1.0, Constant(float("nan"))), "processor time of Serve can't be"),
        (queue(1.0, Constant(float("inf"))), "processor time of Serve can't be"),
        (model(Recorded(()), [Function("Serve", ONE)], (Run(0),)), "Listen can't have arrivals"),
        (
            model(Open(Constant(0.0)), [Function("Serve", ONE)], (Run(0),)),
            "Listen can't have arrivals",
        ),
        (
            model(Open(Exponential(0.0)), [Function("Serve", ONE)], (Run(0),)),
            "Listen can't have arrivals",
        ),
        (
            model(Closed(2, Constant(0.0)), [], (), max_flows=1, drops=True),
            "clients of Listen that are dropped must think",
        ),
        (model(Closed(0, ONE), [Function("Serve", ONE)], (Run(0),)), "Listen can't have arrivals"),
        (model(Open(ONE), [], (Run(0),)), "Listen/Serve has a step that isn't in the model"),
        (replace(queue(1.0, ONE), sources=()), "small has no source"),
        (
            replace(queue(1.0, ONE), sources=(Source("Listen", Open(ONE), ()),)),
            "Listen leads nowhere",
        ),
        (
            replace(
                queue(1.0, ONE), sources=(Source("Listen", Open(ONE), (Route("r", 0.0, ()),)),)
            ),
            "routes of Listen can't have the weights",
        ),
    ],
)
def test_a_model_that_makes_no_sense_is_refused(wrong, said):
    with pytest.raises(ModelError, match=said):
        python.simulate(wrong, 1, 100, 0)


@pytest.mark.parametrize(
    ("seed", "flows", "warmup"), [(-1, 1, 0), (2**64, 1, 0), (1, 0, 0), (1, 1, -1)]
)
def test_a_run_that_makes_no_sense_is_refused(seed, flows, warmup):
    with pytest.raises(ModelError):
        python.simulate(queue(0.5, ONE), seed, flows, warmup)


def test_fewer_flows_than_parts_are_all_observed(engine):
    result = engine.simulate(queue(0.5, ONE), 1, 7, 0)
    assert (result.completed, len(result.batches)) == (7, 7)


def test_without_a_compiler_python_does_it_and_says_so_once(monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    for name in ("CXX", "CC"):
        monkeypatch.delenv(name, raising=False)
    run._tell.cache_clear()
    results = [run.simulate(queue(0.5, ONE), 1, 100, 0) for _ in range(2)]
    assert results == [python.simulate(queue(0.5, ONE), 1, 100, 0)] * 2
    assert capsys.readouterr().err.count("simulating in Python") == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#!/bin/sh\nexit 3\n", "ended with status 3: it said nothing"),
        ("#!/bin/sh\nkill -9 $$\n", "ended with status -9"),
        ("#!/bin/sh\necho '{'\n", "printed no result"),
    ],
)
def test_a_process_that_fails_is_an_error(tmp_path, monkeypatch, text, said):
    binary = tmp_path / "simulator"
    binary.write_text(text)
    binary.chmod(0o755)
    monkeypatch.setattr(process, "build", lambda _: binary)
    with pytest.raises(EngineError, match=said):
        cpp.simulate(queue(0.5, ONE), 1, 100, 0)


def test_a_cache_that_can_not_be_written_is_an_error_with_a_remedy(monkeypatch):
    monkeypatch.setenv("FLUX_CACHE", "/dev/null")
    with pytest.raises(EngineError, match=r"can't be kept in /dev/null: .*; set FLUX_CACHE to"):
        cpp.simulate(queue(0.5, ONE), 1, 100, 0)


def test_a_compiler_that_fails_is_an_error(tmp_path, monkeypatch):
    broken = tmp_path / "broken-g++"
    broken.write_text("#!/bin/sh\necho no such option\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CXX", str(broken))
    with pytest.raises(EngineError, match="no such option"):
        cpp.simulate(queue(0.5, ONE, processors=3, threads=3, max_flows=3), 1, 100, 0)

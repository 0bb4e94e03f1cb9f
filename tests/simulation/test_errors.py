"""Errors of runs that are carried out in other processes."""

import pickle

import pytest
from simulation.small import model, queue

from flux.simulation.engines import python
from flux.simulation.errors import EngineError, ModelError, SaturatedError, StalledError
from flux.simulation.model import Closed, Constraint, Function, Give, Run, Take
from flux.simulation.prediction.running import Engine, Job, runner
from flux.simulation.times import Constant, Exponential

SATURATED = SaturatedError("image.flux", 1000, 900, "wait for a processor")


@pytest.mark.parametrize(
    "error",
    [SATURATED, StalledError("image.flux"), ModelError("no source"), EngineError("it ended")],
    ids=lambda each: type(each).__name__,
)
def test_errors_are_the_same_in_another_process(error):
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert type(again) is type(error)
    assert (str(again), vars(again)) == (str(error), vars(error))


def test_what_is_saturated_says_where_flows_wait():
    assert str(SATURATED) == (
        "image.flux is saturated: 1000 flows are inside, 900 of them wait for a processor;"
        " simulate a lower rate or a larger machine"
    )


def locked_up():
    """A flow that takes again what it holds, as none of Flux does."""
    take, give = Take(0, "writer"), Give(0, "writer")
    functions, constraints = [Function("Serve", Constant(1.0))], [Constraint("cache")]
    return model(Closed(1, Constant(1.0)), functions, (take, take, Run(0), give, give), constraints)


def test_an_error_of_a_run_comes_from_the_process_that_ran_it():
    jobs = [Job(locked_up(), 1, 10, 0)] * 2
    with runner(Engine(python.simulate, SaturatedError), 2) as run:
        with pytest.raises(StalledError) as caught:
            run(jobs)
        assert str(caught.value) == str(StalledError("small"))
        (result,) = run([Job(queue(0.5, Exponential(1.0)), 1, 10, 0)])
    assert result.completed == 10

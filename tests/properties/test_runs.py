import pytest
from hypothesis import given, settings
from properties.programs import programs
from properties.runs import (
    check_counters,
    check_exclusion,
    check_paths,
    check_traces,
    run_program,
)
from properties.scripts import castings

from flux.runtime.fibers import has_fibers

# Where threads are fibers, as in the interpreter that `test_runs_event.py` starts.
RUNTIMES = ["event"] if has_fibers() else ["thread", "pool"]
EVERY = settings.get_profile("runs")


@pytest.mark.usefixtures("shard")
@pytest.mark.parametrize("runtime", RUNTIMES)
@EVERY
@given(programs, castings)
def test_a_run_ends_and_does_what_the_model_says(runtime, text, casting):
    run = run_program(text, casting, runtime)
    check_exclusion(run)
    check_traces(run)
    check_paths(run)
    check_counters(run)

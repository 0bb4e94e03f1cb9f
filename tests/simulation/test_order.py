"""Several flows at once: what the simulator says against what the runtimes do.

The programs are those of the conformance suite, with more flows, which come and take times by
chance. The runtimes are those of Python and of the engine, in virtual time (`virtual.py`,
`cpp/clock.hpp`): what happens there depends on nothing but their code, so the simulator has to find
the same order, and the same times.
"""

import pytest
from simulation import played, played_in_cpp
from simulation.played import Load, model_of, plays, simulated
from simulation.wrong import MODELS, QUEUES

from flux.conformance import BEHAVIOURS, behaviours_on
from flux.conformance.carrier import RUNTIMES
from flux.conformance.cpp import RUNTIMES as CPP_RUNTIMES
from flux.simulation.errors import SimulationError

pytestmark = pytest.mark.usefixtures("flux_cache")

FLOWS = 7
SEEDS = (1, 2)
OTHER_SEED = 3

NAMED = {each.name: each for each in BEHAVIOURS}
PLAYS = {"python": played.play, "cpp": played_in_cpp.play}


def named(runtimes):
    """Each program that is played, on each runtime."""
    return [
        pytest.param(runtime, each.name, id=f"{runtime}: {each.name}")
        for runtime in runtimes
        for each in behaviours_on(runtime)
        if plays(each)
    ]


def happened(target, runtime, name, seed, change=lambda model: model):
    """What a runtime does, and what a simulator says, maybe of a model that was changed."""
    load, behaviour = Load(seed, FLOWS), NAMED[name]
    done = PLAYS[target](behaviour, runtime, load)
    model = change(model_of(behaviour, runtime, load, done))
    try:
        return done.happened(), simulated(model, load).happened()
    except SimulationError as error:
        return done.happened(), str(error)


@pytest.mark.parametrize(("runtime", "name"), named(RUNTIMES))
@pytest.mark.parametrize("seed", SEEDS)
def test_flows_do_in_the_simulator_what_they_do_on_a_runtime_in_python(runtime, name, seed):
    done, said = happened("python", runtime, name, seed)
    assert said == done


# The first test waits until the engine and all behaviours are compiled.
@pytest.mark.timeout(400)
@pytest.mark.parametrize(("runtime", "name"), named(CPP_RUNTIMES))
def test_flows_do_in_the_simulator_what_they_do_on_a_runtime_in_cpp(runtime, name):
    done, said = happened("cpp", runtime, name, OTHER_SEED)
    assert said == done


@pytest.mark.parametrize("runtimes", [RUNTIMES, CPP_RUNTIMES], ids=PLAYS)
def test_programs_of_all_kinds_are_played(runtimes):
    names = {name for _, name in (each.values for each in named(runtimes))}
    assert len(names) > 100
    programs = " ".join(NAMED[name].program for name in names)
    for word in ("constraint", "?}", "(session)", "handle error", "typedef", "source Right"):
        assert word in programs


@pytest.mark.timeout(400)
@pytest.mark.parametrize("target", PLAYS)
def test_flows_of_a_program_get_into_each_others_way(target):
    done, _ = happened(target, "thread", "a reader excludes a writer", 1)
    assert sum(waiting_of(flow, done) > 0 for flow in range(FLOWS)) >= 3


def waiting_of(flow, done):
    """How much longer a flow took than its calls."""
    load = Load(1, FLOWS)
    (ends,) = (when for when, number, what in done if (number, what) == (flow, "ends"))
    calls = sum(number == flow for _, number, _ in done) - 1
    took = sum(load.service(flow, call) for call in range(calls))
    return round(ends - load.arrivals()[flow] - took, 6)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("target", PLAYS)
def test_equal_loads_are_played_equally(target):
    first, again, other = (
        happened(target, "pool", "a reader excludes a writer", seed)[0] for seed in (1, 1, 2)
    )
    assert first == again != other


def runtimes_of(faults):
    """Each fault by name, on the runtimes that find it out."""
    for name, (*_, runtime, _) in faults.items():
        yield pytest.param("python", runtime, name, id=f"{name} (python, {runtime})")
        for each in {"thread": ("thread", "event")}.get(runtime, (runtime,)):
            yield pytest.param("cpp", each, name, id=f"{name} (cpp, {each})")


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("target", "runtime", "fault"), [*runtimes_of(MODELS)])
def test_a_simulator_is_found_out_in_which(target, runtime, fault):
    change, _, name = MODELS[fault]
    done, said = happened(target, runtime, name, 1, change)
    assert said != done


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("target", "runtime", "fault"), [*runtimes_of(QUEUES)])
def test_a_simulator_is_found_out_whose_queues_say_that(target, runtime, fault, monkeypatch):
    module, queue, _, name = QUEUES[fault]
    monkeypatch.setattr(module, "deque", queue)
    done, said = happened(target, runtime, name, 1)
    assert said != done

"""Several flows at once: what the simulator says against what the runtimes do.

The programs are those of the conformance suite, with more flows, which come and take times by
chance. The runtimes are Python's own, in virtual time (`virtual.py`): what happens there depends on
nothing but their code, so the simulator has to find the same order, and the same times.
"""

import pytest
from simulation.played import Load, model_of, play, plays, simulated
from simulation.wrong import MODELS, QUEUES

from flux.conformance import BEHAVIOURS, behaviours_on
from flux.simulation.errors import SimulationError

FLOWS = 7
SEEDS = (1, 2)

NAMED = {each.name: each for each in BEHAVIOURS}
PLAYED = [
    (runtime, each.name)
    for runtime in ("thread", "pool")
    for each in behaviours_on(runtime)
    if plays(each)
]


def happened(runtime, name, seed, change=lambda model: model):
    """What a runtime does, and what a simulator says, maybe of a model that was changed."""
    load, behaviour = Load(seed, FLOWS), NAMED[name]
    played = play(behaviour, runtime, load)
    model = change(model_of(behaviour, runtime, load, played))
    try:
        return played.happened(), simulated(model, load).happened()
    except SimulationError as error:
        return played.happened(), str(error)


@pytest.mark.parametrize(
    ("runtime", "name"), [pytest.param(*each, id=": ".join(each)) for each in PLAYED]
)
@pytest.mark.parametrize("seed", SEEDS)
def test_flows_do_in_the_simulator_what_they_do_on_a_runtime(runtime, name, seed):
    done, said = happened(runtime, name, seed)
    assert said == done


def test_programs_of_all_kinds_are_played():
    assert len(PLAYED) > 200
    programs = " ".join(NAMED[name].program for _, name in PLAYED)
    for word in ("constraint", "?}", "(session)", "handle error", "typedef", "source Right"):
        assert word in programs


def test_flows_of_a_program_get_into_each_others_way():
    done, _ = happened("thread", "a reader excludes a writer", 1)
    assert sum(waiting_of(flow, done) > 0 for flow in range(FLOWS)) >= 3


def waiting_of(flow, done):
    """How much longer a flow took than its calls."""
    load = Load(1, FLOWS)
    (ends,) = (when for when, number, what in done if (number, what) == (flow, "ends"))
    calls = sum(number == flow for _, number, _ in done) - 1
    took = sum(load.service(flow, call) for call in range(calls))
    return round(ends - load.arrivals()[flow] - took, 6)


def test_equal_loads_are_played_equally():
    first, again, other = (
        happened("pool", "a reader excludes a writer", seed)[0] for seed in (1, 1, 2)
    )
    assert first == again != other


@pytest.mark.parametrize("fault", MODELS)
def test_a_simulator_is_found_out_in_which(fault):
    change, runtime, name = MODELS[fault]
    done, said = happened(runtime, name, 1, change)
    assert said != done


@pytest.mark.parametrize("fault", QUEUES)
def test_a_simulator_is_found_out_whose_queues_say_that(fault, monkeypatch):
    module, queue, runtime, name = QUEUES[fault]
    monkeypatch.setattr(module, "deque", queue)
    done, said = happened(runtime, name, 1)
    assert said != done

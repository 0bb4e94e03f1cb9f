"""Changes, ranked by what they gain."""

from dataclasses import replace
from functools import partial

import pytest
from predicted.engine import run
from predicted.models import CHECK, image_model, single

from flux.simulation.arithmetic import mean_time
from flux.simulation.prediction.alternatives import Alternative, faster, ranking
from flux.simulation.prediction.replications import Effort, Subject
from flux.simulation.prediction.settings import Setting, applied

FAST = Effort(runs=8, flows=1000)


def ranked(model, alternatives=None):
    chosen = list(faster(model, 0.25)) if alternatives is None else alternatives
    return ranking(Subject(model), run, FAST, chosen)


def names(found):
    return [gain.alternative.name for gain in found.gains]


def test_the_node_with_the_most_work_gains_most_on_one_processor():
    assert names(ranked(image_model(100)))[0] == "Compress"


def test_the_node_under_the_constraint_carries_more_on_many_processors():
    found = ranked(image_model(900, processors=64))
    gains = {gain.alternative.name: gain.throughput.value for gain in found.gains}
    assert gains["Check"] == pytest.approx(1 / 3, abs=0.01)
    assert gains["Compress"] == pytest.approx(0, abs=0.001)


def test_what_gains_is_told_with_its_interval():
    gain = ranked(single(50, 0.01)).gains[0]
    # 10 ms at half of the load wait 10 ms; 7.5 ms at 3/8 of it wait 4.5 ms.
    assert gain.latency.low < 0.4 < gain.latency.high or gain.latency.value == pytest.approx(0.4)
    assert gain.throughput.value == pytest.approx(1 / 3, abs=0.001)
    assert not gain.may_be_chance


def test_runs_are_compared_in_pairs():
    gain = ranked(single(50, 0.01)).gains[0]
    assert gain.latency.spread < 0.01


def test_a_change_of_nothing_may_be_chance():
    gain = ranked(image_model(100), [Alternative("nothing", lambda model: model)]).gains[0]
    assert gain.may_be_chance
    assert gain.latency.value == gain.throughput.value == 0


def test_what_ends_saturation_comes_first():
    more = Alternative("4 processors", partial(applied, setting=Setting(cpus=4)))
    same = Alternative("nothing", lambda model: model)
    found = ranked(image_model(200), [same, more])
    assert names(found)[0] == "4 processors"
    assert found.gains[0].latency is None
    assert not found.gains[0].outcome.usual.is_saturated


def test_a_faster_node_is_faster_in_all_of_its_time():
    changed = next(faster(image_model(), 0.25)).change(image_model())
    assert mean_time(changed.functions[CHECK].cpu) == pytest.approx(0.00075)


def test_nodes_that_take_no_time_are_left_out():
    assert [each.name for each in faster(single(service=0.0), 0.25)] == []


def test_nodes_that_no_flow_calls_are_left_out():
    model = image_model()
    source = model.sources[0]
    routes = (source.routes[0], replace(source.routes[1], weight=0.0))
    model = replace(model, sources=(replace(source, routes=routes),))
    assert [each.name for each in faster(model, 0.25)] == ["Check", "Send"]

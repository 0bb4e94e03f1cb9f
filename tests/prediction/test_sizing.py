"""The smallest machine for an objective."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from predicted.engine import run
from predicted.models import image_model, single

from flux.simulation.prediction.objectives import objective
from flux.simulation.prediction.replications import Effort, Subject, predicted
from flux.simulation.prediction.settings import Setting
from flux.simulation.prediction.sizing import MOST_PROCESSORS, _smallest, sized
from flux.simulation.prediction.sweeps import under

FAST = Effort(runs=4, flows=500)
SLO = objective("p95=50ms")


def size(model, slo=SLO, tried=None):
    return sized(Subject(model), run, FAST, slo, (tried if tried is not None else []).append)


def holds(model, setting):
    return SLO.holds(predicted(under(Subject(model), setting), run, FAST))


def test_the_fewest_processors_hold_and_one_less_does_not():
    model = image_model(300)
    cpus = size(model).chosen.setting.cpus
    assert holds(model, Setting(cpus=cpus)) == "yes"
    assert holds(model, Setting(cpus=cpus - 1)) != "yes"


def test_the_smallest_pool_holds_and_one_thread_less_does_not():
    model = image_model(300, threads=8)
    setting = size(model).chosen.setting
    assert holds(model, setting) == "yes"
    assert holds(model, Setting(cpus=setting.cpus, threads=setting.threads - 1)) != "yes"


def test_what_has_no_pool_gets_none():
    assert size(image_model(300)).chosen.setting.threads is None


def test_less_than_the_load_needs_is_never_tried():
    tried = []
    size(image_model(1000 - 100), tried=tried)
    assert min(point.setting.cpus for point in tried) >= 7


def test_few_sizes_are_tried():
    tried = []
    size(image_model(300, threads=8), tried=tried)
    assert len(tried) < 12


def test_a_constraint_that_carries_too_little_is_named():
    found = size(image_model(1200))
    assert found.chosen is None
    assert found.reason == "the constraint `cache` carries at most 1,000 flows a second"


def test_flows_that_take_too_long_by_themselves_are_told_of():
    found = size(single(10, 0.1))
    assert found.chosen is None
    assert found.reason == "flows take that long even if they wait for nothing"


def test_an_interval_that_is_too_wide_is_no_proof():
    # A flow takes 50 ms by itself, and runs differ by 1 %.
    found = size(single(1, 0.05), objective("mean=50.1ms"))
    assert found.chosen is None
    assert "too wide to tell" in found.reason


class _Point:
    def __init__(self, number):
        self.number = number


@given(st.integers(1, MOST_PROCESSORS), st.integers(1, MOST_PROCESSORS))
def test_the_search_finds_the_least_that_suffices(least, enough):
    found = _smallest(
        _Point,
        partial(_suffices, enough=enough),
        least,
        _Point(MOST_PROCESSORS),
        MOST_PROCESSORS,
    )
    assert found.number == max(least, enough)


def _suffices(point, enough):
    return point.number >= enough


@pytest.mark.parametrize("rate", [100, 300, 500])
def test_higher_rates_never_need_fewer_processors(rate):
    now, later = size(image_model(rate)), size(image_model(rate + 200))
    assert now.chosen.setting.cpus <= later.chosen.setting.cpus

"""What files of parameters say becomes a model."""

import re
import tomllib
from pathlib import Path

import pytest
from simulation.shop import SHOP_PLAN, changed, changed_text, read

from flux.simulation.model import Closed, Open, Recorded
from flux.simulation.parameters.distributions import read_time
from flux.simulation.parameters.mistakes import Mistakes
from flux.simulation.parameters.template import template
from flux.simulation.times import Constant, Erlang, Exponential, Lognormal

GUIDE = Path(__file__).parents[2] / "docs" / "simulate.md"


def function(model, name):
    return next(each for each in model.functions if each.name == name)


def source(model, name):
    return next(each for each in model.sources if each.name == name)


def test_template_is_valid_as_it_stands():
    model = read(template(SHOP_PLAN))
    assert [each.name for each in model.sources] == ["Listen", "Tick"]
    assert {each.name for each in model.functions} == {"Pack", "Send", "Sweep", "IsBig", "ById"}
    assert model.sessions == 100


def test_times_and_machine_are_read():
    text = changed_text(
        'Pack = {cpu = "1ms"', 'Pack = {cpu = {lognormal = {mean = "2ms", cv = 1.5}}'
    )
    model = read(text.replace('runtime = "pool"\nthreads = 8', 'runtime = "event"'))
    assert function(model, "Pack").cpu == Lognormal(0.002, 1.5)
    assert (model.machine.loops, model.machine.threads) == (True, None)
    assert model.machine.policy == "barging"


@pytest.mark.parametrize(
    ("text", "arrivals"),
    [
        ("rate = 50", Open(Exponential(0.02))),
        ("rate = 50\nburst = 5", Open(Exponential(0.1), 5)),
        ('between = {erlang = {mean = "20ms", shape = 4}}', Open(Erlang(0.02, 4))),
        ("recorded = [0.5, 0.25]", Recorded((0.5, 0.25))),
        ('clients = 20\nthink = "1s"', Closed(20, Constant(1.0))),
    ],
)
def test_arrivals_are_read(text, arrivals):
    assert source(changed("rate = 10.0", text), "Listen").arrivals == arrivals


def test_source_with_rate_zero_has_no_flows():
    assert [each.name for each in changed("rate = 10.0", "rate = 0").sources] == ["Tick"]


def test_errors_and_cases_make_routes():
    text = changed_text(
        'Pack = {cpu = "1ms", io = "0s", errors = 0.0', 'Pack = {cpu = "1ms", errors = 0.25'
    )
    routes = source(read(text), "Listen").routes
    assert {route.name: route.weight for route in routes} == {
        "Listen -> Buy:[big] -> Pack -> Send": 0.75,
        "Listen -> Buy:[big] -> Pack fails": 0.25,
    }


def test_paths_may_be_given_by_number():
    routes = source(changed("rate = 10.0", "rate = 10.0\npaths = {0 = 7}"), "Listen").routes
    assert [(route.path, route.weight) for route in routes] == [(0, 7.0)]


def test_gil_holds_for_all_functions_but_those_that_say_otherwise():
    text = changed_text("gil = false", "gil = true")
    model = read(text.replace("Pack = {", "Pack = {gil = false, "))
    assert [each.name for each in model.functions if not each.gil] == ["Pack"]


def test_overhead_needs_the_gil_as_functions_do_but_where_it_says_otherwise():
    text = changed_text("gil = false", "gil = true")
    assert read(text).machine.overhead_gil == 1
    assert (
        read(text.replace("gil = true", "gil = true\noverhead_gil = 0.5")).machine.overhead_gil
        == 0.5
    )


def test_a_part_of_processor_time_may_need_the_gil():
    model = changed("Pack = {", "Pack = {gil = 0.25, ")
    assert [each.gil for each in model.functions if each.name == "Pack"] == [0.25]


@pytest.mark.parametrize("text", re.findall(r"`(\{[a-z]+ = .*?\})` \|", GUIDE.read_text()))
def test_guide_shows_distributions_that_can_be_read(text):
    mistakes = Mistakes("guide", "")
    read_time(mistakes, ("time",), tomllib.loads(f"time = {text}")["time"])
    mistakes.check()

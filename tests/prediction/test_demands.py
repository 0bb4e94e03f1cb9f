"""What flows need, and how many there can be at most."""

from dataclasses import replace

import pytest
from predicted.models import CHECK, image_model, single

from flux.simulation.model import Closed, Constraint, Give, Open, Run, Source, Take
from flux.simulation.prediction.demands import Resource, bounds, chances, needs, offered, resources
from flux.simulation.times import Constant


def rates(model):
    return {bound.resource.name: bound.rate for bound in bounds(model)}


def test_processors_carry_what_the_mean_demand_leaves():
    assert rates(single(service=0.01, processors=3))["processors"] == pytest.approx(300)


def test_the_overhead_outside_of_nodes_needs_processors_too():
    model = single(service=0.01, overhead=Constant(0.01))
    assert rates(model)["processors"] == pytest.approx(50)


def test_a_constraint_carries_one_writer_at_a_time():
    assert rates(image_model())["cache"] == pytest.approx(1000)


def test_sessions_share_the_load_of_a_constraint():
    model = image_model()
    model = replace(model, constraints=(Constraint("cache", "session"),), sessions=4)
    assert rates(model)["cache"] == pytest.approx(4000)


def test_readers_bound_nothing():
    model = image_model()
    source = model.sources[0]
    routes = tuple(
        replace(route, steps=tuple(map(as_reader, route.steps))) for route in source.routes
    )
    model = replace(model, sources=(replace(source, routes=routes),))
    assert "cache" not in rates(model)


def as_reader(step):
    return step if isinstance(step, Run) else replace(step, mode="reader")


def test_a_thread_is_taken_during_io_too():
    assert rates(image_model(threads=2))["threads of the pool"] == pytest.approx(2 / 0.0095)


def test_pythons_lock_bounds_the_nodes_that_hold_it():
    model = single(service=0.01, processors=4)
    model = replace(model, functions=(replace(model.functions[0], gil=True),))
    assert rates(model)["Python's lock"] == pytest.approx(100)


def test_pythons_lock_carries_more_where_a_part_does_without():
    model = single(service=0.01, processors=4)
    model = replace(model, functions=(replace(model.functions[0], gil=0.25),))
    assert rates(model)["Python's lock"] == pytest.approx(400)


def test_overhead_may_need_pythons_lock_too():
    model = single(service=0.01, processors=4, overhead=Constant(0.02), overhead_gil=0.5)
    assert rates(model)["Python's lock"] == pytest.approx(100)


def test_the_tightest_bound_comes_first():
    assert bounds(image_model())[0].resource.name == "processors"
    assert bounds(image_model(processors=64))[0].resource.name == "cache"


def test_the_rate_is_that_of_all_sources():
    model = single(50)
    other = Source("Timer", Open(Constant(0.1)), model.sources[0].routes)
    model = replace(model, sources=(*model.sources, other))
    assert offered(model) == pytest.approx(60)
    assert [chance for _, chance in chances(model)] == pytest.approx([5 / 6, 1 / 6])


def test_clients_that_wait_have_no_rate():
    model = single(50)
    model = replace(model, sources=(replace(model.sources[0], arrivals=Closed(3, Constant(1))),))
    assert offered(model) is None
    assert [chance for _, chance in chances(model)] == [1]


def test_a_constraint_is_needed_in_the_nodes_under_it():
    cache = next(each for each in resources(image_model()) if each.kind == "constraint")
    assert needs(image_model(), cache)[CHECK] == pytest.approx(0.001)


def test_what_is_held_twice_is_held_once():
    model = single()
    steps = (Take(0, "writer"), Take(0, "writer"), Run(0), Give(0, "writer"), Give(0, "writer"))
    source = model.sources[0]
    routes = (replace(source.routes[0], steps=steps),)
    model = replace(
        model, sources=(replace(source, routes=routes),), constraints=(Constraint("cache"),)
    )
    assert needs(model, Resource("constraint", "cache", 1))[0] == pytest.approx(0.01)

"""Mistakes put into the compiler and the runtime are found: the tests here can fail."""

from functools import partial

import pytest
from properties.comparison import check_plan
from properties.faults import (
    CROSSED,
    CROSSED_SESSIONS,
    HANDLED,
    declared_modes,
    each_program,
    handler_inside,
    never_wait,
    only_own,
    reversed_order,
)
from properties.runs import (
    StalledError,
    check_exclusion,
    check_paths,
    check_run,
    check_traces,
    run_program,
)
from properties.scripts import Casting

import flux.graph.locking
from flux.backends.python import steps
from flux.graph.locking import Locking
from flux.plan import chains
from flux.runtime import locks
from flux.runtime.numbering import Numbering

CROWD = Casting(seed=1, turns=1000)


@pytest.fixture(params=["thread", "pool"])
def runtime(request):
    return request.param


def test_without_faults_nothing_is_found():
    each_program(check_plan)


def test_the_checker_finds_that_early_acquisition_is_missing(monkeypatch):
    monkeypatch.setattr(Locking, "taken", only_own)
    with pytest.raises(AssertionError, match=r"take a.* after take b"):
        check_plan(CROSSED, Casting(seed=1, turns=10))


def test_the_checker_finds_another_order(monkeypatch):
    monkeypatch.setattr(flux.graph.locking, "canonical_order", reversed_order)
    with pytest.raises(AssertionError, match=r"take .* after take"):
        each_program(check_plan)


def test_the_checker_finds_a_reader_that_should_write(monkeypatch):
    monkeypatch.setattr(Locking, "takes", declared_modes)
    with pytest.raises(AssertionError, match="reads"):
        each_program(check_plan)


def test_the_checker_finds_a_handler_under_its_nodes_constraints(monkeypatch):
    monkeypatch.setattr(chains, "handle", handler_inside)
    with pytest.raises(AssertionError, match=r"node H.* holds a"):
        check_plan(HANDLED, Casting(seed=1, turns=20))


@pytest.mark.parametrize("program", [CROSSED, CROSSED_SESSIONS], ids=["program", "session"])
def test_crossed_constraints_do_not_stall(runtime, program):
    run = run_program(program, CROWD, runtime)
    check_exclusion(run)
    check_traces(run)


@pytest.mark.parametrize("program", [CROSSED, CROSSED_SESSIONS], ids=["program", "session"])
def test_a_run_stalls_when_early_acquisition_is_missing(monkeypatch, runtime, program):
    monkeypatch.setattr(Locking, "taken", only_own)
    with pytest.raises(StalledError, match="A = A1 -> A2"):
        run_program(program, CROWD, runtime, patience=0.3)


def test_some_random_program_stalls_when_early_acquisition_is_missing(monkeypatch, runtime):
    monkeypatch.setattr(Locking, "taken", only_own)
    with pytest.raises(StalledError):
        each_program(partial(run_program, runtime=runtime, patience=0.3))


def test_a_run_shows_constraints_given_back_in_the_wrong_order(monkeypatch, runtime):
    monkeypatch.setattr(steps, "reversed", iter, raising=False)
    with pytest.raises(AssertionError, match=r"give (?s:.*)instead of"):
        each_program(partial(check_run, check_traces, runtime))


def test_a_run_shows_who_is_inside_beside_a_writer(monkeypatch, runtime):
    monkeypatch.setattr(locks, "_writer", lambda *_parts: never_wait())
    with pytest.raises(AssertionError, match="writer beside writer"):
        check_run(check_exclusion, runtime, CROSSED, CROWD)


def test_a_run_shows_a_wrong_path_number(monkeypatch, runtime):
    monkeypatch.setattr(Numbering, "number", lambda *_end: 0)
    with pytest.raises(AssertionError):
        each_program(partial(check_run, check_paths, runtime))

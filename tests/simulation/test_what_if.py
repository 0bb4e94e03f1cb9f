from dataclasses import replace
from math import inf
from pathlib import Path

import pytest

from flux.driver import compile_program
from flux.simulation.changes.candidates import Candidate, granularity
from flux.simulation.changes.edits import Edit
from flux.simulation.changes.what_if import what_if
from flux.simulation.errors import SimulationError
from flux.simulation.model import Closed, Give, Open, Take
from flux.simulation.parameters.reading import read_parameters
from flux.simulation.parameters.template import template
from flux.simulation.times import NOTHING, Constant, Exponential
from flux.source import SourceFile

EXAMPLE = Path(__file__).parents[2] / "examples" / "image" / "image.flux"
NESTED = """\
source Listen => Serve;
Serve = Look -> Store;
constraint Serve:{log};
constraint Look:{cache,
  index};
constraint Store:{cache};
Listen () -> (int n);
Look (int n) -> (int n);
Store (int n) -> ();
"""


def compiled(text, name="image.flux"):
    return compile_program(SourceFile(name, text))


IMAGE = compiled(EXAMPLE.read_text())
INNER = compiled(NESTED)


def model_of(compilation):
    return read_parameters(template(compilation.plan), compilation.plan, "template")


MODEL = model_of(IMAGE)


def after(*changes):
    return what_if(MODEL, changes, IMAGE.program)


def function(model, name):
    return next(each for each in model.functions if each.name == name)


def taken(model):
    """The modes in which the first route takes constraints, by name."""
    route = model.sources[0].routes[-1]
    return [
        (model.constraints[step.constraint].name, step.mode)
        for step in route.steps
        if isinstance(step, Take)
    ]


def test_function_takes_part_of_its_time():
    assert function(after("Compress*0.75"), "Compress").cpu == Constant(0.00075)


def test_only_the_processor_time_may_be_scaled():
    model = what_if(after("Write.io*2"), ["Write.cpu * 3"])
    assert function(model, "Write").cpu == Constant(0.003)


def test_part_of_the_processor_time_may_need_pythons_lock():
    assert function(after("Compress.gil=0.25"), "Compress").gil == 0.25


def test_all_who_take_a_constraint_become_readers():
    model = after("cache=reader")
    assert taken(model) == [("cache", "reader"), ("cache", "reader")]
    assert {s.mode for s in model.sources[0].routes[-1].steps if isinstance(s, Give)} == {"reader"}


def test_one_node_becomes_a_reader():
    assert taken(after("CheckCache:cache=reader")) == [("cache", "reader"), ("cache", "writer")]


def test_nobody_takes_a_constraint_that_is_gone():
    assert taken(after("no cache")) == []


def test_constraint_of_sessions_needs_their_number():
    with pytest.raises(SimulationError, match="'sessions=100'"):
        after("cache=session")
    model = after("cache=session", "sessions=50")
    assert (model.constraints[0].scope, model.sessions) == ("session", 50)


def test_number_of_sessions_needs_a_constraint_of_them():
    with pytest.raises(SimulationError, match="'sessions=50': no constraint is one of sessions"):
        after("sessions=50")


def test_machine_is_changed_by_its_words():
    machine = after("threads=32, processors=8, max_flows=100, discipline=ps, wakeup=80us").machine
    assert (machine.threads, machine.processors, machine.max_flows) == (32, 8, 100)
    assert (machine.discipline, machine.wakeup) == ("ps", 0.00008)


def test_event_runtime_has_no_pool():
    machine = after("runtime=event").machine
    assert (machine.loops, machine.threads) == (True, None)


def test_arrivals_are_changed():
    assert after("rate=50").sources[0].arrivals == Open(Exponential(pytest.approx(0.02)))
    assert after("clients=5").sources[0].arrivals == Closed(5, NOTHING)


def test_change_of_one_node_counts_with_others_in_any_order():
    model = after("no cache", "CheckCache:cache=reader")
    assert taken(model) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("Comprss*0.75", "`Comprss` is no function: did you mean `Compress`?"),
        ("Compress*0", "`0` is no number above 0"),
        ("Compress*nan", "`nan` is no number above 0"),
        ("Compress*fast", "`fast` is no number above 0"),
        ("cahce=reader", "`cahce` is no constraint or setting: did you mean `cache`?"),
        ("no cahce", "`cahce` is no constraint: did you mean `cache`?"),
        ("cache=redaer", "`redaer` is unknown: did you mean `reader`?"),
        ("threads=0", "`0` is no whole number from 1 to 1,000,000"),
        ("threads=many", "`many` is no whole number"),
        ("thraeds=8", "did you mean `threads`?"),
        ("discipline=lifo", "did you mean `fifo`?"),
        ("Comprss.gil=0", "`Comprss` is no function: did you mean `Compress`?"),
        ("Compress.gil=2", "`2` is no part of a whole: write a number from 0 to 1"),
        ("Compress.gil=no", "`no` is no part of a whole"),
        ("wakeup=80", 'write "80ms", say'),
        ("rate=-1", "`-1` is no number from 1e-09"),
        ("rate=1e-320", "`1e-320` is no number from 1e-09"),
        ("Write:cache=reader", "`Write` is no node that declares `cache`: there are CheckCache"),
        ("CheckCache:cahce=reader", "`cahce` is no constraint: did you mean `cache`?"),
        ("CheckCache:cache=red", "`red` is unknown: known are reader, writer"),
        ("faster", "this can't be read: write one such as 'Compress*0.75'"),
        ("", "this can't be read"),
    ],
)
def test_change_that_cannot_be_made_is_told_with_a_remedy(change, expected):
    with pytest.raises(SimulationError) as told:
        after(change)
    assert expected in str(told.value)
    assert str(told.value).startswith(f"what if '{change}': ")


def test_pool_needs_threads():
    with pytest.raises(SimulationError, match="say threads=8 instead"):
        after("runtime=event, runtime=pool")


def test_node_cannot_have_sessions_that_its_source_lacks():
    with pytest.raises(SimulationError, match="what if 'CheckCache:cache=session': `cache` is"):
        after("CheckCache:cache=session")


def test_change_of_one_node_needs_the_program():
    with pytest.raises(SimulationError, match="this needs the program's text"):
        what_if(MODEL, ["CheckCache:cache=reader"])


def test_smaller_constraints_come_with_their_edits():
    found = {each.change: each for each in granularity(IMAGE.program, IMAGE.plan)}
    line = EXAMPLE.read_text().splitlines().index("constraint CheckCache:{cache};") + 1
    assert found["CheckCache:cache=reader"] == Candidate(
        "CheckCache:cache=reader",
        (Edit(line, "constraint CheckCache:{cache};", "constraint CheckCache:{cache?};"),),
    )
    assert found["no cache"].edits[1] == Edit(line + 1, "constraint StoreInCache:{cache};", "")
    assert list(found) == [
        "CheckCache:cache=reader",
        "StoreInCache:cache=reader",
        "cache=session",
        "no cache",
    ]


def test_constraint_by_session_says_what_it_needs():
    found = {each.change: each for each in granularity(IMAGE.program, IMAGE.plan)}
    assert "session" in found["cache=session"].needs


def test_node_is_no_candidate_where_nobody_would_write_or_another_takes_the_constraint_early():
    changes = [each.change for each in granularity(INNER.program, INNER.plan)]
    assert [each for each in changes if each.endswith("=reader")] == []


def test_edit_keeps_the_other_constraints_of_the_statement():
    found = {each.change: each for each in granularity(INNER.program, INNER.plan)}
    (edit,) = found["no index"].edits
    assert edit == Edit(4, "constraint Look:{cache, index};", "constraint Look:{cache};")


def test_all_candidates_can_be_tried():
    model = model_of(INNER)
    for candidate in granularity(INNER.program, INNER.plan):
        sessions = ["sessions=10"] * candidate.change.endswith("=session")
        assert what_if(model, [candidate.change, *sessions], INNER.program) != model


def test_rate_of_a_program_that_sends_no_flows_cannot_be_changed():
    silent = replace(MODEL.sources[0], arrivals=Open(Exponential(inf)))
    with pytest.raises(SimulationError, match="no source sends any flow"):
        what_if(replace(MODEL, sources=(silent,)), ["rate=50"], IMAGE.program)

"""The JSON form of the plan is a contract: documented, and stable where it should be."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from flux.driver import compile_program
from flux.graph.locking import Take
from flux.graph.model import Parameter, Signature
from flux.plan import model
from flux.plan.contract import as_dict, fingerprint
from flux.source import SourceFile
from flux.syntax.format import format_program

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "plan.md").read_text(encoding="utf-8")
DOCUMENTED = {
    title.strip(): set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
    for title, section in re.findall(r"^#+ (.*?)\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL)
}
STEPS = {
    "`call`: run a function, or another routine": model.Call,
    "`hold`: take constraints around steps": model.Hold,
    "`handle`: run steps, and a handler if they fail": model.Handle,
    "`session`: ask for the flow's session": model.Session,
}
PARTS = {"Sources": model.SourceLoop, "Routines": model.Routine}

PROGRAM = """\
source Listen {session: ByUser} => Serve;
Serve = Read -> Choose -> Answer;
Choose:[small] = Double -> Double;
Choose:[_] = ;
typedef small IsSmall;
handle error Double -> Refuse;
constraint Double:{table};
constraint Answer:{table?, cart(session)};
Listen () -> (int number);
Read (int number) -> (int number);
Double (int number) -> (int number);
Answer (int number) -> ();
Refuse (int number) -> ();
"""


def plan_of(text, name="program.flux"):
    return compile_program(SourceFile(name, text)).plan


def ids(plan):
    """Every id in a plan, of routines, steps and branches."""
    return set(re.findall(r'"id": "(.*?)"', json.dumps(as_dict(plan))))


def names(kind):
    return {field.name for field in fields(kind)}


@pytest.mark.parametrize(("title", "kind"), STEPS.items())
def test_every_field_of_a_step_is_documented(title, kind):
    assert DOCUMENTED[title] == {"step", *names(kind)}


@pytest.mark.parametrize(("title", "kind"), PARTS.items())
def test_every_field_of_a_part_is_documented(title, kind):
    assert DOCUMENTED[title] == names(kind)


def test_every_field_of_a_dispatch_is_documented():
    title = "`dispatch`: the first case whose tests all pass"
    kinds = (model.Dispatch, model.Branch, model.Test)
    assert DOCUMENTED[title] == {"step"}.union(*map(names, kinds))


def test_every_field_of_the_program_is_documented():
    assert DOCUMENTED["The program"] == set(as_dict(plan_of(PROGRAM)))


def test_every_field_of_ways_and_numbers_is_documented():
    assert DOCUMENTED["Ways and path numbers"] == names(model.Ways) | names(model.Numbers)


def test_every_field_of_a_constraint_is_documented():
    assert DOCUMENTED["Constraints as they are taken"] == names(Take)


def test_every_field_of_a_function_is_documented():
    kinds = (model.Function, model.PredicateFunction, model.SessionFunction)
    assert DOCUMENTED["What the implementation provides"] == set().union(*map(names, kinds))
    assert names(Signature) == {"inputs", "outputs"}
    assert names(Parameter) == {"type", "name"}


def test_ids_survive_another_statement_in_front():
    edited = "source Tick => Count;\nTick () -> ();\nCount () -> ();\n" + PROGRAM
    assert ids(plan_of(PROGRAM)) < ids(plan_of(edited))


def test_ids_survive_another_node_in_the_same_chain():
    edited = PROGRAM.replace("Read -> Choose", "Check -> Read -> Choose")
    edited += "Check (int number) -> (int number);\n"
    assert ids(plan_of(edited)) == ids(plan_of(PROGRAM)) | {"Serve/Check"}


def test_ids_survive_another_case():
    edited = PROGRAM.replace("Choose:[small]", "Choose:[large] = Read;\nChoose:[small]")
    edited += "typedef large IsLarge;\n"
    added = {"Choose/[large]", "Choose/[large]/Read"}
    assert ids(plan_of(edited)) == ids(plan_of(PROGRAM)) | added


def test_ids_and_fingerprint_survive_formatting():
    ugly = PROGRAM.replace("\n", " \n\n").replace(" -> ", "->").replace("(int", "( int")
    pretty = format_program(compile_program(SourceFile("program.flux", ugly)).program)
    assert ids(plan_of(ugly)) == ids(plan_of(pretty)) == ids(plan_of(PROGRAM))
    assert fingerprint(plan_of(ugly)) == fingerprint(plan_of(pretty))


def test_the_fingerprint_survives_another_file_name():
    assert fingerprint(plan_of(PROGRAM)) == fingerprint(plan_of(PROGRAM, "other.flux"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("typedef small IsSmall", "typedef small IsTiny"),
        ("Double:{table}", "Double:{table?}"),
        ("handle error Double -> Refuse", "handle error Double, Read -> Refuse"),
        ("(int number);\nRead (int", "(long number);\nRead (long"),
    ],
)
def test_the_fingerprint_tells_what_a_program_does(old, new):
    assert fingerprint(plan_of(PROGRAM)) != fingerprint(plan_of(PROGRAM.replace(old, new)))

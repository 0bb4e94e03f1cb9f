from pathlib import Path

import pytest
from hypothesis import given, settings
from properties.comparison import check_model, check_plan, compiled
from properties.places import places_in_plan, places_in_text
from properties.programs import programs
from properties.reading import read
from properties.scripts import Casting, castings

ROOT = Path(__file__).parents[2]
EXAMPLES = [*ROOT.glob("examples/*/*.flux"), *ROOT.glob("src/flux/templates/*/*.flux")]
EVERY = settings.get_profile("properties")


@pytest.mark.usefixtures("shard")
@EVERY
@given(programs, castings)
def test_the_closed_form_keeps_the_rules(text, casting):
    check_model(text, casting)


@pytest.mark.usefixtures("shard")
@EVERY
@given(programs)
def test_each_place_holds_exactly_what_the_closed_form_says(text):
    assert places_in_plan(compiled(text).plan) == places_in_text(read(text))


@pytest.mark.usefixtures("shard")
@EVERY
@given(programs, castings)
def test_what_happens_by_the_plan_is_what_the_model_says(text, casting):
    check_plan(text, casting)


@pytest.mark.parametrize("program", EXAMPLES, ids=lambda path: path.name)
def test_the_plans_of_the_examples_do_as_well(program):
    check_plan(program.read_text("utf-8"), Casting(seed=1, turns=1000))

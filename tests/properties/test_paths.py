import pytest
from hypothesis import assume, given, settings
from properties.comparison import MOST_PATHS, compiled, numbered_paths, walked_paths
from properties.programs import programs

EVERY = settings.get_profile("properties")


@pytest.mark.usefixtures("shard")
@EVERY
@given(programs)
def test_every_path_has_one_number_and_its_own_name(text):
    plan = compiled(text).plan
    assume(max(loop.ways.total for loop in plan.sources) <= MOST_PATHS)
    assert numbered_paths(plan) == walked_paths(text)

import pytest

from flux.conformance import BEHAVIOURS, PythonCarrier, behaviours_on, differences


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=str)
def test_every_target_shows_on_every_runtime_that(target, runtime, behaviour):
    if behaviour not in behaviours_on(runtime):
        pytest.skip(f"says nothing about the runtime `{runtime}`")
    assert differences(behaviour, PythonCarrier(target, runtime).run(behaviour)) == []


def test_each_behaviour_has_a_name_of_its_own():
    names = [behaviour.name for behaviour in BEHAVIOURS]
    assert len(set(names)) == len(names)

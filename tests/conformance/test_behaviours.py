import pytest

from flux.conformance import BEHAVIOURS, PythonCarrier, behaviours_on, differences

BY_RUNTIME = [
    pytest.param(runtime, behaviour, id=f"{runtime}: {behaviour.name}")
    for runtime in ("thread", "pool")
    for behaviour in behaviours_on(runtime)
]


@pytest.mark.parametrize(("runtime", "behaviour"), BY_RUNTIME)
def test_program_behaves(target, runtime, behaviour):
    assert differences(behaviour, PythonCarrier(target, runtime).run(behaviour)) == []


def test_each_behaviour_has_a_name_of_its_own():
    names = [behaviour.name for behaviour in BEHAVIOURS]
    assert len(set(names)) == len(names)

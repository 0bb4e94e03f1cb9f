import pytest

from flux.conformance import PythonCarrier, behaviours_on, differences

ON_RUNTIMES = [
    pytest.param(runtime, behaviour, id=f"{runtime}: {behaviour.name}")
    for runtime in ("thread", "pool")
    for behaviour in behaviours_on(runtime)
]


@pytest.mark.parametrize(("runtime", "behaviour"), ON_RUNTIMES)
def test_python_behaves(runtime, behaviour):
    assert differences(behaviour, PythonCarrier("python", runtime).run(behaviour)) == []


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(("runtime", "behaviour"), ON_RUNTIMES)
def test_target_from_outside_behaves(runtime, behaviour):
    assert differences(behaviour, PythonCarrier("table", runtime).run(behaviour)) == []

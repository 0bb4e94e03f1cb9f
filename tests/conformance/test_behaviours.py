import pytest

from flux.conformance import BEHAVIOURS, PythonCarrier, behaviours_on, differences
from flux.conformance.carrier import RUNTIMES
from flux.conformance.cpp import RUNTIMES as CPP_RUNTIMES
from flux.conformance.cpp import CppCarrier


def by_runtime(runtimes):
    return [
        pytest.param(runtime, behaviour, id=f"{runtime}: {behaviour.name}")
        for runtime in runtimes
        for behaviour in behaviours_on(runtime)
    ]


@pytest.mark.parametrize(("runtime", "behaviour"), by_runtime(RUNTIMES))
@pytest.mark.parametrize("target", ["python", "table"])
@pytest.mark.usefixtures("outside")
def test_program_behaves(target, runtime, behaviour):
    assert differences(behaviour, PythonCarrier(target, runtime).run(behaviour)) == []


@pytest.mark.parametrize(("runtime", "behaviour"), by_runtime(RUNTIMES))
@pytest.mark.parametrize("target", ["python", "table"])
@pytest.mark.usefixtures("outside")
def test_program_behaves_while_its_profile_counts_all_paths(target, runtime, behaviour):
    run = PythonCarrier(target, runtime, profiled=True).run(behaviour)
    assert differences(behaviour, run) == []


# The first test waits until the engine and all behaviours are compiled.
@pytest.mark.timeout(400)
@pytest.mark.usefixtures("flux_cache")
@pytest.mark.parametrize(("runtime", "behaviour"), by_runtime(CPP_RUNTIMES))
def test_program_in_cpp_behaves(runtime, behaviour):
    assert differences(behaviour, CppCarrier(runtime).run(behaviour)) == []


def test_each_behaviour_has_a_name_of_its_own():
    names = [behaviour.name for behaviour in BEHAVIOURS]
    assert len(set(names)) == len(names)

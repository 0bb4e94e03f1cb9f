from functools import partial

import pytest

from flux.conformance import BEHAVIOURS, PythonCarrier, behaviours_on, differences
from flux.conformance.cpp import CppCarrier

BY_RUNTIME = [
    pytest.param(runtime, behaviour, id=f"{runtime}: {behaviour.name}")
    for runtime in ("thread", "pool")
    for behaviour in behaviours_on(runtime)
]

# The first test in C++ waits until the engine and all behaviours are compiled.
CPP = pytest.param("cpp", marks=pytest.mark.timeout(900))


@pytest.fixture(params=["python", "table", CPP])
def carrier(request):
    """What makes a carrier for a runtime, for each target in turn."""
    if request.param == "cpp":
        return CppCarrier
    if request.param == "table":
        request.getfixturevalue("outside")
    return partial(PythonCarrier, request.param)


@pytest.mark.parametrize(("runtime", "behaviour"), BY_RUNTIME)
def test_program_behaves(carrier, runtime, behaviour):
    assert differences(behaviour, carrier(runtime).run(behaviour)) == []


def test_each_behaviour_has_a_name_of_its_own():
    names = [behaviour.name for behaviour in BEHAVIOURS]
    assert len(set(names)) == len(names)

"""Both engines give the same results, to the last bit."""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from simulation.models import models

from flux.simulation.engines import cpp, python
from flux.simulation.engines.cpp import build
from flux.simulation.errors import SimulationError

EXAMPLES = int(os.environ.get("FLUX_MODELS", "12"))


pytestmark = pytest.mark.usefixtures("flux_cache")


@pytest.fixture(autouse=True, scope="module")
def _quickly_compiled():
    """What is computed doesn't depend on how it is optimised; see the closed forms."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            build, "FLAGS", tuple("-O0" if each == "-O1" else each for each in build.FLAGS)
        )
        yield


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=EXAMPLES == 12,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # to shrink, each try is compiled
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(models())
def test_equal_seeds_give_equal_results(model):
    for seed in (1, 2**40 + 7):
        assert _outcome(cpp, model, seed) == _outcome(python, model, seed)


def _outcome(engine, model, seed):
    try:
        return engine.simulate(model, seed, 500, 30, 1500)
    except SimulationError as error:
        return type(error)

"""Running a model in the engine that is there: the one in C++, or without a compiler in Python."""

import sys
from functools import lru_cache

from flux.simulation.engines import cpp, python
from flux.simulation.engines.limits import MOST_FLOWS
from flux.simulation.model import Model
from flux.simulation.result import Result
from flux.toolchain.compilers import MissingCompilerError


def simulate(
    model: Model, seed: int, flows: int, warmup: int, most_flows: int = MOST_FLOWS
) -> Result:
    """Run a model until `warmup` flows have ended, and then `flows` more.

    Raises:
        SimulationError: There is no result: the model makes no sense, is saturated or stands
            still, or the engine has failed.
    """
    try:
        return cpp.simulate(model, seed, flows, warmup, most_flows)
    except MissingCompilerError as error:
        _tell(str(error))
    return python.simulate(model, seed, flows, warmup, most_flows)


@lru_cache(maxsize=1)
def _tell(why: str) -> None:
    """Say once why everything takes so long."""
    print(f"simulating in Python, which takes longer: {why}", file=sys.stderr)  # noqa: T201

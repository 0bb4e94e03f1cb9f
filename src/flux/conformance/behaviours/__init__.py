"""The list of behaviours, a module for each part of the language's reference."""

from collections.abc import Iterator

from flux.conformance.behaviour import Behaviour
from flux.conformance.behaviours.cases import CASES
from flux.conformance.behaviours.chains import CHAINS
from flux.conformance.behaviours.constraints import CONSTRAINTS
from flux.conformance.behaviours.exclusion import EXCLUSION
from flux.conformance.behaviours.handlers import HANDLERS
from flux.conformance.behaviours.held import HELD
from flux.conformance.behaviours.history import HISTORY
from flux.conformance.behaviours.paths import PATHS
from flux.conformance.behaviours.runtimes import RUNTIMES
from flux.conformance.behaviours.sources import SOURCES
from flux.conformance.behaviours.stopping import STOPPING

BEHAVIOURS: tuple[Behaviour, ...] = (
    *CHAINS,
    *CASES,
    *HANDLERS,
    *SOURCES,
    *CONSTRAINTS,
    *EXCLUSION,
    *HELD,
    *PATHS,
    *RUNTIMES,
    *STOPPING,
    *HISTORY,
)


def behaviours_on(runtime: str) -> Iterator[Behaviour]:
    """The behaviours that a runtime must show."""
    return (each for each in BEHAVIOURS if not each.runtimes or runtime in each.runtimes)

import pytest
from measured.planted import PROGRAM

from flux.cli.run_cpp import built
from flux.toolchain.manifest import Flags


@pytest.fixture(scope="session")
def binary(flux_cache):  # noqa: ARG001 - where the engine is compiled
    """The planted program in C++, with all runtimes."""
    return built(PROGRAM, (PROGRAM.with_suffix(".cpp"),), Flags()).binary

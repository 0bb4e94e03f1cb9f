import importlib
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from flux.api import LoadedProgram
from flux.cli import main
from flux.driver import compile_program
from flux.source import SourceFile

OUTSIDE = Path(__file__).with_name("outside")

ENTRY_POINTS = """
[flux.backends]
table = flux_table:TableBackend
"""


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A folder in which the package `flux-table` is installed, as pip would do it."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copy(OUTSIDE / "flux_table.py", folder)
    facts = folder / "flux_table-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: flux-table\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(ENTRY_POINTS)
    return folder


@pytest.fixture(scope="session")
def outside(site):
    """Make the installed package visible."""
    sys.path.insert(0, str(site))
    importlib.invalidate_caches()
    yield site
    sys.path.remove(str(site))
    sys.modules.pop("flux_table", None)


@pytest.fixture(params=["thread", "pool"])
def runtime(request):
    """Each runtime in turn."""
    return request.param


@pytest.fixture(params=["python", "table"])
def target(request):
    """Each target that generates Python modules: the built-in one, and that from outside."""
    if request.param == "table":
        request.getfixturevalue("outside")
    return request.param


@pytest.fixture
def make_server(target, runtime):
    """Make the server of a program whose nodes are these functions."""

    def make(text, /, functions=None, options=None, **named):
        compilation = compile_program(SourceFile("program.flux", text))
        nodes = functions or SimpleNamespace(**named)
        loaded = LoadedProgram(compilation, nodes, target)
        return loaded.server(runtime=runtime, **options or {})

    return make


@pytest.fixture
def run_flux():
    """Call the command line; what came of it."""

    def run(*arguments):
        return CliRunner().invoke(main, [str(each) for each in arguments])

    return run

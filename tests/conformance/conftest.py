import importlib
import shutil
import sys
from pathlib import Path

import pytest

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

"""What the docs say, done as a reader would do it."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from docs.reader import Reader

ROOT = Path(__file__).resolve().parents[2]

# Pages whose readers begin in an empty folder.
PAGES = [
    "docs/tutorial.md",
    "docs/api.md",
    "docs/cpp.md",
    "docs/nodes.md",
    "docs/how-to/serve-lines-over-tcp.md",
    "docs/how-to/find-a-bottleneck.md",
]


pytestmark = [pytest.mark.usefixtures("engine"), pytest.mark.timeout(400)]


@pytest.fixture(scope="session")
def engine(flux_cache):
    """The C++ engine, built before: a reader of the tests waits for half a minute only."""
    command = [sys.executable, "-m", "flux.cli", "run", ROOT / "examples/sql/sql.flux"]
    subprocess.run([*command, "--", ":memory:", "select 1"], check=True)
    return flux_cache


@pytest.fixture
def port():
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def project(tmp_path):
    """What readers have of this project; `make` finds its environment made, and leaves it alone."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / ".venv").mkdir()
    stamp = subprocess.check_output(["cksum", tmp_path / "pyproject.toml"], text=True)
    (tmp_path / ".venv" / f"installed-{stamp.split()[0]}").touch()
    return tmp_path


def test_what_the_first_page_says_is_so(project, port):
    with Reader(project, port) as reader:
        reader.follow(ROOT / "README.md")


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_says_is_so(tmp_path, port, page):
    with Reader(tmp_path, port) as reader:
        reader.follow(ROOT / page)

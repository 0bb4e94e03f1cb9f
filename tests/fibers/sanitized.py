"""What threads do that are fibers, once more, where a sanitizer watches over the engine.

Of the interpreter it sees what it takes from the heap and gives back. What is in a heap at the end
is no leak to the interpreter, and for it the engine has to come first.
"""

# ruff: noqa: F403

import os
import subprocess
from pathlib import Path

import pytest
from fibers.conftest import python_in
from fibers.test_children import *
from fibers.test_failing import *
from fibers.test_files import *
from fibers.test_signals import *
from fibers.test_threads import *

ENGINE = Path(__file__).parents[2] / "engine"
BUILD = Path(os.environ.get("BUILD", ENGINE.parent / "build" / "engine"))
OPTIONS = "verify_asan_link_order=0:detect_leaks=0"


@pytest.fixture(scope="session")
def preloaded():
    """What is to be loaded before libc: the engine, and then the sanitizer."""
    made = ["make", "-s", "-C", ENGINE, f"BUILD={BUILD}", "SANITIZE=address", "fibers"]
    subprocess.run(made, check=True)
    ask = [os.environ.get("CXX", "g++"), "-print-file-name=libasan.so"]
    library = subprocess.check_output(ask, text=True).strip()
    return f"{BUILD / 'address' / 'libflux-fibers.so'}:{library}"


@pytest.fixture
def flux(preloaded, tmp_path):
    """Runs what `flux fibers` would run, in an empty folder."""

    def run(command, *words):
        assert command == "fibers"
        children = words[0] == "--children"
        environment = {"LD_PRELOAD": preloaded, "ASAN_OPTIONS": OPTIONS}
        if children:
            environment["FLUX_FIBERS_INHERIT"] = "1"
        return python_in(tmp_path, words[children:], environment)

    return run

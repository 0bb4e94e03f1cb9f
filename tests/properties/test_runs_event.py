"""The same as `test_runs.py`, in an interpreter whose threads are fibers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flux.toolchain.cache import Cache
from flux.toolchain.fibers import shared_object

TESTS = Path(__file__).resolve().parents[1]
PROGRAMS = int(os.environ.get("FLUX_PROGRAMS", "300"))

# Each interpreter has to be started, so there are fewer than on threads.
ON_FIBERS = PROGRAMS // 10
IN_ONE = 100


@pytest.mark.timeout(400)
@pytest.mark.parametrize("first", range(0, ON_FIBERS, IN_ONE))
def test_a_run_on_fibers_ends_and_does_what_the_model_says(flux_cache, first):
    shared_object(Cache(flux_cache), print)
    done = subprocess.run(
        [
            *[sys.executable, "-P", "-m", "flux.cli", "fibers", "-m", "pytest", "--quiet"],
            *["-p", "no:xdist", "-p", "no:cacheprovider", "properties/test_runs.py"],
        ],
        cwd=TESTS,
        env=os.environ | {"FLUX_PROGRAMS": str(min(IN_ONE, ON_FIBERS - first))},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=380,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout

"""Profiles of servers whose flows are fibers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
SERVERS = [
    f"runtime/profiler/test_{what}.py"
    for what in ("contention", "counts", "flows", "listener", "toggling")
]


@pytest.mark.timeout(400)
@pytest.mark.usefixtures("engine")
def test_profiles_are_the_same_on_fibers():
    done = subprocess.run(
        [
            *[sys.executable, "-P", "-m", "flux.cli", "fibers", "-m", "pytest", "--quiet"],
            *["-p", "no:xdist", "-p", "no:cacheprovider", *SERVERS],
        ],
        cwd=TESTS,
        env=os.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=380,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

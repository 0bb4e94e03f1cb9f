"""Tests that are stuck for good, each in a pytest of its own: all are failures, soon."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOREVER = """
import threading
from concurrent.futures import ThreadPoolExecutor
from subprocess import Popen

import pytest
from hypothesis import given, strategies

never = threading.Event()
"""
STUCK = {
    "an example": """
@given(strategies.integers())
def test_it(_number):
    never.wait()
""",
    "a test and its clean-up": """
@pytest.fixture
def stuck():
    yield
    never.wait()

def test_it(stuck):
    never.wait()
""",
    "the clean-up of a failure": """
@pytest.fixture
def stuck():
    yield
    never.wait()

def test_it(stuck):
    assert False
""",
    "a process that is waited for": """
def test_it():
    with Popen(["sleep", "600"]) as process:
        try:
            process.wait()
        finally:
            try:
                process.wait()
            finally:
                process.kill()
""",
}


@pytest.mark.parametrize("text", STUCK.values(), ids=STUCK)
def test_what_is_stuck_for_good_fails_soon(tmp_path, text):
    (tmp_path / "test_stuck.py").write_text(FOREVER + text)
    words = ["-m", "pytest", "-p", "alarm", "-p", "no:cacheprovider", "-c", os.devnull]
    done = subprocess.run(
        [sys.executable, *words, "--rootdir", tmp_path, "--timeout", "0.5", "test_stuck.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Timeout (>0.5s)" in done.stdout
    assert "1 failed" in done.stdout

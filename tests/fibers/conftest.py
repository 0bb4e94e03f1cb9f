import os
import subprocess
import sys
from textwrap import dedent

import pytest

from flux.toolchain.cache import Cache
from flux.toolchain.codec import codec
from flux.toolchain.fibers import shared_object


@pytest.fixture(scope="session")
def engine(flux_cache):
    """The engine, compiled before anybody waits for it, and the codec that goes with it."""
    codec(Cache(flux_cache), print)
    return shared_object(Cache(flux_cache), print)


@pytest.fixture
def flux(engine, tmp_path):  # noqa: ARG001 - it is found in its cache
    """Runs a `flux` command in an empty folder."""

    def run(*words, **environment):
        return python_in(tmp_path, ["-m", "flux.cli", *words], environment)

    return run


def python_in(folder, words, environment):
    """What came of an interpreter with such words, in a folder."""
    return subprocess.run(
        [sys.executable, "-P", *words],
        cwd=folder,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture
def script(tmp_path):
    """Writes a program of Python."""

    def write(text):
        file = tmp_path / "program.py"
        file.write_text(dedent(text), encoding="utf-8")
        return file.name

    return write


@pytest.fixture
def fibers(flux, script):
    """What a program of Python prints whose threads are fibers."""

    def run(text, *words, options=()):
        done = flux("fibers", *options, script(text), *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run

"""Servers in several processes: in Python, on fibers, and in C++."""

import os
import subprocess
import sys
from contextlib import ExitStack
from functools import partial

import pytest
from processes import started
from workers.parent import SECONDS, SERVER, Parent, cpp, fibers, python

from flux.toolchain.cache import Cache
from flux.toolchain.fibers import shared_object

TESTS = SERVER.parents[1]


@pytest.fixture(scope="session")
def _engines(flux_cache):
    """What fibers and servers in C++ need, compiled before anybody waits for it."""
    shared_object(Cache(flux_cache), print)
    command = cpp(1, SECONDS, (), "ending")
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


@pytest.fixture(params=[python, fibers, cpp], ids=lambda each: each.__name__)
def carrier(request):
    """The command that starts a server."""
    if request.param is not python:
        request.getfixturevalue("_engines")
    return request.param


@pytest.fixture
def serve_by():
    """Starts servers, which don't outlive the test."""
    with ExitStack() as things:

        def start(command, manner="well", *rest, count=2, options=(), **seconds):
            process = things.enter_context(
                started(
                    command(count, SECONDS | seconds, options, manner, *map(str, rest)),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    env=os.environ | {"PYTHONPATH": os.pathsep.join([str(TESTS), *sys.path])},
                )
            )
            return Parent(process, things)

        yield start


@pytest.fixture
def serve(serve_by, carrier):
    return partial(serve_by, carrier)


@pytest.fixture
def serve_python(serve_by):
    return partial(serve_by, python)

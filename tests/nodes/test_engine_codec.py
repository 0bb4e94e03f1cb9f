"""The engine's codec in Python's place: the tests of that one, once more."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flux.nodes.native import SUFFIX, VARIABLE
from flux.toolchain.cache import Cache
from flux.toolchain.codec import codec

HERE = Path(__file__).parent
SHARED = (
    "test_http_cases.py",
    "test_http_parser.py",
    "test_http_reading.py",
    "test_http_response.py",
    "test_tcp_closing.py",
    "test_tcp_connection.py",
    "test_tcp_failures.py",
    "test_tcp_idle.py",
    "test_tcp_listener.py",
    "test_wsgi.py",
    "test_wsgi_answers.py",
    "test_wsgi_bodies.py",
    "test_wsgi_closing.py",
    "test_wsgi_environment.py",
    "test_wsgi_mistakes.py",
)


@pytest.fixture(scope="module")
def python(flux_cache):
    """Runs a Python that has the engine's codec."""
    module = codec(Cache(flux_cache), print)
    assert module is not None

    def run(*words):
        return subprocess.run(
            [sys.executable, *words],
            env=os.environ | {VARIABLE: str(module)},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    return run


def test_tests_of_the_codec_in_python_pass(python):
    files = [HERE / name for name in SHARED]
    done = python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *files)
    assert done.returncode == 0, done.stdout


def test_module_is_what_nodes_use(python):
    done = python("-c", "from flux.nodes.http import *; print(RequestParser, response)")
    assert done.stdout == "<class 'flux_nodes.RequestParser'> <built-in function response>\n"


@pytest.mark.parametrize(
    "program", ["RequestParser().feed(b'GET / HTTP/1.0\\r\\n\\r\\n')", "response(600)"]
)
def test_unbound_module_says_so(python, program):
    load = "from flux.nodes.native import native; native."
    assert "has not been called" in python("-c", load + program).stderr


@pytest.mark.parametrize(
    "framing", ["length=7", "length=7, framing='chunks'", "keep_alive=False, framing='end'"]
)
def test_bodies_that_follow_need_nothing_of_python(python, framing):
    load = "from flux.nodes.native import native; native."
    assert python("-c", f"{load}response(200, {{'A': 'b'}}, {framing})").stderr == ""


@pytest.mark.parametrize(
    "call",
    [
        "request_at_once(1)",
        "request_at_once(1, b'', None)",
        "send_at_once(1, [b''])",
        "bind()",
        "bind(int, str, Exception)",
        "RequestParser(3)",
        "RequestParser().feed('text')",
    ],
)
def test_wrong_use_is_an_exception(python, call):
    done = python("-c", f"from flux.nodes.native import native; native.{call}")
    assert done.returncode == 1
    assert "Error" in done.stderr


@pytest.mark.parametrize("file", ["", "/nowhere/flux_nodes.so", "flux_nodes{suffix}"])
def test_missing_module_leaves_the_codec_to_python(file):
    program = "from flux.nodes.http import RequestParser; print(RequestParser.__module__)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {VARIABLE: file.format(suffix=SUFFIX)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "flux.nodes.http.parser\n", done.stderr

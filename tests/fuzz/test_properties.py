"""The properties hold for what the fuzzers have found."""

import subprocess

import pytest
from fuzz import web
from fuzz.properties import CORPORA, ENGINE, PROPERTIES

from flux.nodes.native import VARIABLE
from flux.toolchain.cache import Cache
from flux.toolchain.codec import codec

pytestmark = pytest.mark.timeout(400)  # a test may have to wait for a compiler


@pytest.fixture
def engine_codec(flux_cache, monkeypatch):
    """The engine's codec, where the properties look for it."""
    module = codec(Cache(flux_cache), print)
    assert module is not None
    monkeypatch.setenv(VARIABLE, str(module))


@pytest.mark.parametrize("name", PROPERTIES)
def test_property_holds_for_its_corpus(name, request):
    if name == "codecs":
        request.getfixturevalue("engine_codec")
    files = sorted(CORPORA[name].iterdir())
    assert files
    for file in files:
        try:
            PROPERTIES[name](file.read_bytes())
        except Exception as error:
            error.add_note(f"for {file.relative_to(CORPORA[name].parents[2])}")
            raise


@pytest.fixture(scope="module")
def parsers_in_cpp(tmp_path_factory):
    """The web server's parsers in C++, with checks that end the process on undefined behaviour."""
    build = tmp_path_factory.mktemp("fuzz")
    checks = "-D_GLIBCXX_ASSERTIONS -fsanitize=undefined -fsanitize-undefined-trap-on-error"
    flags = f"LIBRARY_FLAGS=-std=c++20 -O0 -shared -fPIC {checks}"
    subprocess.run(["make", "-s", "-C", ENGINE, "library", f"BUILD={build}", flags], check=True)
    return web.native_outcome(build / "libweb.so")


def test_parsers_in_cpp_read_the_corpus_as_those_in_python_do(parsers_in_cpp):
    for file in CORPORA["web"].iterdir():
        data = file.read_bytes()
        assert parsers_in_cpp(data) == web.outcome(data), file.name

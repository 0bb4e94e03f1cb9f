"""The examples' own modules, importable as they are when Flux runs them, and their clients."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from flux.toolchain.cache import Cache
from flux.toolchain.fibers import shared_object

HERE = Path(__file__).resolve().parent

sys.path[:0] = [str(HERE), str(HERE.parents[1] / "examples" / "image")]

sys.path.append(str(HERE.parents[1] / "examples" / "web"))

import image_modules  # noqa: E402 - what it imports is importable only now
from fastcgi_server import StandIn  # noqa: E402 - the same
from image_client import FLUX, POOL, PROGRAM, TARGETS, serving  # noqa: E402 - the same
from web_root import SMALL, make_root  # noqa: E402 - the same
from web_scripts import make_scripts  # noqa: E402 - the same

WEB = PROGRAM.parents[1] / "web" / "web.flux"


@pytest.fixture(scope="session")
def compiled():
    """The image server's modules in C++."""
    image_modules.library()
    return image_modules.CPP


@pytest.fixture(scope="module", params=["python", "cpp"])
def modules(request):
    """The image server's modules, in either language."""
    return (
        image_modules.PYTHON if request.param == "python" else request.getfixturevalue("compiled")
    )


@pytest.fixture(scope="session")
def languages(flux_cache):  # noqa: ARG001 - it sets the environment
    """Both languages of the image server, ready to start."""
    command = [*FLUX, "run", PROGRAM, "--target", "cpp", "--", "--help"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return TARGETS


@pytest.fixture(scope="session")
def fibers(flux_cache):
    """What the event runtime of Python needs, compiled before anybody waits for it."""
    shared_object(Cache(flux_cache), print)


@pytest.fixture(scope="session")
def web_languages(flux_cache):  # noqa: ARG001 - it sets the environment
    """Both languages of the web server, ready to start."""
    command = [*FLUX, "run", WEB, "--target", "cpp", "--", "--help"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return TARGETS


@pytest.fixture(scope="module", params=TARGETS)
def language(request):
    """A language of the image server, which is ready to start."""
    if request.param == "cpp":
        request.getfixturevalue("languages")
    return request.param


@pytest.fixture(scope="module")
def web_root(tmp_path_factory):
    """The folder of files that the cases of the web server are about."""
    return make_root(tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="module")
def start_web(web_root, web_languages):  # noqa: ARG001 - compiled before
    """Starts a web server, of small files in memory only, and stops it after the tests."""
    with ExitStack() as stack:

        def start(target, runtime, *options):
            words = (*SMALL, *options)
            server = serving(web_root, *words, target=target, runtime=runtime, program=WEB)
            return stack.enter_context(server)

        yield start


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """A folder with scripts of the web server in its `root`."""
    folder = tmp_path_factory.mktemp("scripts")
    make_scripts(folder)
    return folder


@pytest.fixture(scope="module")
def stand_in(scripts):
    """What answers in place of the scripts."""
    server = StandIn(scripts / "socket")
    yield server
    server.close()


@pytest.fixture(scope="module")
def script_servers(scripts, stand_in, web_languages):  # noqa: ARG001 - both ready
    """Web servers of each language that have the stand-in run their scripts."""
    options = ("--php", str(scripts / "socket"), "--php-timeout", "0.5")
    options += ("--body-bytes", "300000", "--upload-bytes", "3000000")
    carriers = [("python", POOL), ("cpp", POOL), ("cpp", ("--runtime", "event"))]
    with ExitStack() as stack:
        yield [
            stack.enter_context(
                serving(scripts / "root", *options, target=target, runtime=runtime, program=WEB)
            )
            for target, runtime in carriers
        ]

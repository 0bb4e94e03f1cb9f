"""What all tests share: golden files, which `--update-golden` rewrites, and a cache of programs."""

import os
import signal

import pytest
from hypothesis import settings

pytest_plugins = ["alarm"]

# What a change is judged by is the same for each try of it; `make torture` looks for what is new.
# How long an example takes is not judged: the machine may have other work.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("new", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("FLUX_EXAMPLES", "same"))

# Whoever starts the tests in the background may have them ignore these, and all that they start.
for ignored, usual in (
    (signal.SIGINT, signal.default_int_handler),
    (signal.SIGHUP, signal.SIG_DFL),
):
    if signal.getsignal(ignored) is signal.SIG_IGN:
        signal.signal(ignored, usual)


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")


@pytest.fixture
def golden(request):
    """Compares a text with a golden file, or makes it the file's."""

    def compare(path, text):
        if request.config.getoption("--update-golden"):
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def flux_cache(tmp_path_factory):
    """A cache of native programs for this run of the tests: all its workers share one engine."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "flux-cache"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLUX_CACHE", str(folder))
        yield folder

"""The examples' own modules, importable as they are when Flux runs them, and their clients."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

sys.path[:0] = [str(HERE), str(HERE.parents[1] / "examples" / "image")]

import image_modules  # noqa: E402 - what it imports is importable only now


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

"""The engine is that of this package."""

import tomllib
from pathlib import Path

from flux.resources import folder
from flux.version import __version__


def test_the_engine_has_the_version_of_the_package():
    header = (folder("engine") / "include" / "flux" / "version.hpp").read_text(encoding="utf-8")
    assert f'version = "{__version__}";' in header


def test_the_package_has_the_version_that_it_says():
    project = Path(__file__).parents[2] / "pyproject.toml"
    assert tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"] == __version__

"""The engine is that of this package."""

from flux.resources import folder
from flux.version import __version__


def test_the_engine_has_the_version_of_the_package():
    header = (folder("engine") / "include" / "flux" / "version.hpp").read_text(encoding="utf-8")
    assert f'version = "{__version__}";' in header

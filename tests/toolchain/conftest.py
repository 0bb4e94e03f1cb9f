import pytest

from flux.toolchain.cache import Cache


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


@pytest.fixture
def told():
    """What a builder has told, as a list that can be called."""

    class Told(list):
        def __call__(self, line):
            self.append(line)

    return Told()

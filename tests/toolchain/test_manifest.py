import os
import sys
from pathlib import Path

import pytest

from flux.toolchain.compilers import Compiler, Compilers
from flux.toolchain.manifest import Flags, Manifest, Order, as_json, recall
from flux.toolchain.stamps import stamps

COMPILERS = Compilers(Compiler(("g++",), "one"), None)


@pytest.fixture
def manifest(tmp_path):
    """A manifest of a binary that was made of one file, where another one is not."""
    file = tmp_path / "server.cpp"
    file.write_text("one", encoding="utf-8")
    absent = str(tmp_path / "server.c")
    return Manifest(sys.executable, stamps([str(file)]), (absent,), "warning: mind the gap\n")


@pytest.fixture
def recalled(tmp_path, manifest):
    def call():
        file = tmp_path / "manifest"
        file.write_text(as_json(manifest), encoding="utf-8")
        return recall(file)

    return call


def test_a_manifest_is_recalled_as_it_was(recalled, manifest):
    assert recalled() == manifest


def test_a_changed_file_ends_a_manifest(recalled, tmp_path):
    (tmp_path / "server.cpp").write_text("two", encoding="utf-8")
    assert recalled() is None


def test_a_file_that_is_new_ends_a_manifest(recalled, tmp_path):
    (tmp_path / "server.c").touch()
    assert recalled() is None


def test_a_binary_that_is_gone_ends_a_manifest(recalled, manifest, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: (path, mode) != (manifest.binary, os.X_OK))
    assert recalled() is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "[1, 2, 3, 4]", '["a", {"b": [1]}, [], ""]', '["a", {}, 0, ""]', "\x00"]
)
def test_a_damaged_manifest_is_none(tmp_path, text):
    file = tmp_path / "manifest"
    file.write_text(text, encoding="utf-8")
    assert recall(file) is None


def test_no_manifest_is_none(tmp_path):
    assert recall(tmp_path / "none") is None


def test_a_key_tells_places_flags_and_compilers_apart(tmp_path):
    program, nodes = tmp_path / "a.flux", (tmp_path / "a.cpp",)
    newer = Compilers(Compiler(("g++",), "two"), None)
    keys = [
        Order(program, nodes, Flags(), COMPILERS).key,
        Order(tmp_path / "b.flux", nodes, Flags(), COMPILERS).key,
        Order(program, (), Flags(), COMPILERS).key,
        Order(program, nodes, Flags(cxxflags=("-O3",)), COMPILERS).key,
        Order(program, nodes, Flags(ldflags=("-O3",)), COMPILERS).key,
        Order(program, nodes, Flags(sanitize="thread"), COMPILERS).key,
        Order(program, nodes, Flags(), newer).key,
    ]
    assert len(set(keys)) == len(keys)


def test_a_key_is_of_the_place_however_it_is_called(tmp_path, monkeypatch):
    key = Order(tmp_path / "a.flux", (), Flags(), COMPILERS).key
    monkeypatch.chdir(tmp_path)
    assert Order(Path("a.flux"), (), Flags(), COMPILERS).key == key

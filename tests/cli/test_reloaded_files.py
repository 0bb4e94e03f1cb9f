"""Which files `flux run --reload` watches."""

import sys
from pathlib import Path

import pytest

from flux.cli.run_reload import CppText, PythonText
from flux.toolchain.cache import Cache
from flux.toolchain.compilers import find_compilers
from flux.toolchain.manifest import Flags, Manifest, Order, as_json
from flux.toolchain.stamps import stamps


@pytest.fixture
def native(program, tmp_path, monkeypatch):
    """The text of a program in C++, whose cache is empty."""
    monkeypatch.setenv("FLUX_CACHE", str(tmp_path / "cache"))
    for name in ("lines.cpp", "lines.h", "notes.txt"):
        (tmp_path / name).touch()
    return CppText((), program, (), Flags())


def names(text):
    return sorted({Path(file).name for file in text.files()})


def test_functions_in_python_are_watched_with_what_they_import(program, tmp_path):
    (tmp_path / "helper.py").touch()
    program.with_suffix(".py").write_text("import helper", encoding="utf-8")
    assert names(PythonText((), program, None)) == ["helper.py", "lines.flux", "lines.py"]


def test_functions_may_stand_elsewhere(program, tmp_path):
    assert names(PythonText((), program, tmp_path / "mine.py")) == ["lines.flux", "mine.py"]


def test_before_a_build_the_sources_and_headers_beside_the_program_are_watched(native):
    assert names(native) == ["lines.cpp", "lines.flux", "lines.h"]


def test_without_a_compiler_the_program_and_its_functions_are_watched(native, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("flux.cli.run_reload.find_compilers", lambda: find_compilers({}))
    assert names(native) == ["lines.cpp", "lines.flux"]


def test_after_a_build_all_that_went_into_it_is_watched_but_the_cache(native, program, tmp_path):
    used, generated = tmp_path / "used.h", tmp_path / "cache" / "generated.cpp"
    generated.parent.mkdir()
    for file in (used, generated):
        file.touch()
    files = stamps(map(str, (program, used, generated)))
    absent = (str(tmp_path / "lines.c"),)
    manifest = Manifest(sys.executable, files, absent, "")
    cache = Cache(tmp_path / "cache")
    cache.write("manifests", Order(program, (), Flags(), find_compilers()).key, as_json(manifest))
    assert names(native) == ["lines.c", "lines.cpp", "lines.flux", "used.h"]

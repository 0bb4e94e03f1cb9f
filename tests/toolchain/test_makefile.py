import os
import subprocess
from dataclasses import replace

import pytest

from flux.toolchain.makefile import makefile
from flux.toolchain.manifest import Flags
from flux.toolchain.process import BuildError
from flux.toolchain.program import write_texts


@pytest.fixture
def written(engine, recipe, tmp_path):  # noqa: ARG001 - the engine must be there
    """Writes a program with its Makefile to a folder, and runs make there."""

    def call(*arguments, flags=None, of=recipe, output=tmp_path / "out"):
        output.mkdir(exist_ok=True)
        asked = replace(of, flags=flags or Flags())
        write_texts({**asked.texts(), "Makefile": makefile(asked, output)}, output)
        environment = {name: text for name, text in os.environ.items() if "MAKE" not in name}
        command = ["make", "-C", str(output), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


def run(tmp_path):
    return subprocess.run([tmp_path / "out" / "answer"], capture_output=True, check=True).stdout


def moved(recipe, folder):
    recipe.folder.rename(folder)
    nodes = tuple(replace(file, path=folder / file.path.name) for file in recipe.nodes)
    return replace(recipe, folder=folder, nodes=nodes)


def test_make_builds_the_program(written, tmp_path):
    written()
    assert run(tmp_path) == b"42\n"


def test_a_second_time_nothing_is_compiled(written):
    written()
    assert "-c" not in written()


def test_a_changed_header_is_compiled(written, tmp_path):
    written()
    header = tmp_path / "program" / "number.h"
    header.write_text("#define NUMBER 4\n", encoding="utf-8")
    later = header.stat().st_mtime + 10
    os.utime(header, (later, later))
    written()
    assert run(tmp_path) == b"8\n"


def test_the_program_may_stand_below_a_name_with_spaces(written, recipe, tmp_path):
    home = tmp_path / "a home's folder"
    home.mkdir()
    recipe = moved(recipe, home / "program")
    written(of=recipe, output=home / "out")
    assert run(home) == b"42\n"
    assert "-c" not in written(of=recipe, output=home / "out")


def test_the_engine_may_stand_elsewhere(written, engine, tmp_path):
    elsewhere = engine.rename(tmp_path / "elsewhere")
    engine.mkdir()
    written(f"FLUX_ENGINE={elsewhere}")
    assert run(tmp_path) == b"42\n"


def test_the_users_flags_are_kept(written, tmp_path):
    flags = Flags(cxxflags=("-std=c++23", '-DTEXT="$a b#"', "-Iheaders"), ldflags=("-lm",))
    said = written(flags=flags)
    assert "-std=c++23" in said
    assert """'-DTEXT="$a b#"'""" in said
    assert "-lm" in said
    assert run(tmp_path) == b"42\n"


def test_clean_leaves_what_was_written(written, tmp_path):
    written()
    written("clean")
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert left == {"Makefile", "answer.h", "answer_flux.cpp", "checked_answer.cpp"}


@pytest.mark.parametrize("name", ["a b", "a$b", "a#b", "a:b", "a%b", "a\nb"])
def test_names_that_make_takes_apart_are_refused(engine, recipe, tmp_path, name):  # noqa: ARG001
    with pytest.raises(BuildError, match="choose one of plain letters"):
        makefile(replace(recipe, name=name), tmp_path)

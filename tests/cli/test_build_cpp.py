import os
import subprocess

import pytest


@pytest.fixture
def numbers(tmp_path):
    """A program of C++ without functions yet."""
    path = tmp_path / "numbers.flux"
    path.write_text(
        "Next () -> (int number);\n"
        "Show (int number) -> ();\n"
        "source Next => Number;\n"
        "Number = Show;\n",
        encoding="utf-8",
    )
    return path


@pytest.fixture
def build(flux, numbers):
    def call(*arguments):
        return flux("build", numbers.name, "--target", "cpp", *arguments)

    return call


def test_a_folder_for_make_is_written(build, tmp_path):
    result = build()
    assert result.exit_code == 0
    assert {path.name for path in (tmp_path / "build").iterdir()} == {
        "numbers.h", "numbers_flux.cpp", "numbers_paths.cpp", "checked_numbers.cpp", "Makefile",
    }  # fmt: skip
    assert result.stdout.splitlines()[-1] == (
        f"run it: make -j{os.cpu_count()} -C build && build/numbers"
    )


def test_a_binary_beside_its_program_can_be_started(build):
    assert build("-o", ".").stdout.splitlines()[-1].endswith(" -C . && ./numbers")


def test_stubs_make_a_program_whole(build, flux, numbers):
    result = build()
    assert "wrote stubs to numbers.cpp" in result.stdout
    assert flux("check", numbers.name).output == ""


def test_stubs_come_after_what_is_there(build, numbers):
    functions = numbers.with_suffix(".cpp")
    before = '#include "numbers.h"\n\nint Show(int number) { return number; }\n'
    functions.write_text(before, encoding="utf-8")
    build()
    after = functions.read_text(encoding="utf-8")
    assert after.startswith(before)
    assert after.count("int Show(") == 1
    assert "int Next(" in after


def test_c_gets_its_stubs_in_c(build, numbers, tmp_path):
    functions = numbers.with_suffix(".c")
    functions.write_text('#include "numbers.h"\n', encoding="utf-8")
    build()
    assert "int Next(int* number)" in functions.read_text(encoding="utf-8")
    assert 'extern "C"' in (tmp_path / "build" / "numbers.h").read_text(encoding="utf-8")
    assert not numbers.with_suffix(".cpp").exists()


def test_no_stubs_are_written_if_none_are_wanted(build, numbers, tmp_path):
    assert build("--no-stubs").exit_code == 0
    assert not numbers.with_suffix(".cpp").exists()
    assert (tmp_path / "build" / "numbers_flux.cpp").is_file()


def test_what_has_not_changed_stays_as_old_as_it_is(build, tmp_path):
    build()
    makefile = tmp_path / "build" / "Makefile"
    before = makefile.stat().st_mtime_ns
    assert "wrote" not in build().stdout
    assert makefile.stat().st_mtime_ns == before


def test_the_language_of_the_functions_is_the_target(flux, numbers, tmp_path):
    numbers.with_suffix(".cc").write_text('#include "numbers.h"\n', encoding="utf-8")
    flux("build", numbers.name)
    assert (tmp_path / "build" / "checked_numbers.cc").is_file()


def test_flags_of_the_file_and_of_the_command_go_into_the_makefile(build, numbers, tmp_path):
    numbers.with_suffix(".cpp").write_text(
        '// flux: libs=z cxxflags=-O3\n#include "numbers.h"\n', encoding="utf-8"
    )
    build("--cxxflags", "-march=native", "--ldflags", "-L/opt/lib")
    makefile = (tmp_path / "build" / "Makefile").read_text(encoding="utf-8")
    assert "-O3 -march=native" in makefile
    assert "-L/opt/lib -lz" in makefile


def test_a_file_that_is_no_text_is_a_mistake(build, numbers):
    numbers.with_suffix(".cpp").write_bytes(b"\xff\n")
    result = build()
    assert result.exit_code == 1
    assert "no stubs can be added" in result.stderr


def test_a_wrong_setting_is_a_mistake(build, numbers):
    numbers.with_suffix(".cpp").write_text("// flux: libz=z\n", encoding="utf-8")
    result = build()
    assert result.exit_code == 1
    assert "error[bad-directive]" in result.stderr


def test_a_name_that_make_takes_apart_is_a_clear_error(flux, numbers, tmp_path):
    numbers.rename(tmp_path / "two words.flux")
    result = flux("build", "two words.flux", "--target", "cpp")
    assert result.exit_code == 1
    assert "choose one of plain letters" in result.stderr


def test_a_header_of_the_program_compiles_as_c(build, numbers, tmp_path):
    numbers.with_suffix(".c").write_text('#include "numbers.h"\n', encoding="utf-8")
    build()
    include = f"-I{(tmp_path / 'build')}"
    engine = next(
        line.partition("?= ")[2]
        for line in (tmp_path / "build" / "Makefile").read_text(encoding="utf-8").splitlines()
        if line.startswith("FLUX_ENGINE")
    )
    command = ["gcc", "-std=c99", "-Wall", "-Werror", include, f"-I{engine}/include"]
    subprocess.run([*command, "-fsyntax-only", numbers.with_suffix(".c")], check=True)

import os
import time

import pytest

from flux.toolchain.compile import Unit, compile_units
from flux.toolchain.process import BuildError


@pytest.fixture
def unit(tmp_path):
    """A file in C that includes a header."""
    (tmp_path / "one.h").write_text("int one(void);\n", encoding="utf-8")
    file = tmp_path / "one.c"
    file.write_text('#include "one.h"\nint one(void) { return 1; }\n', encoding="utf-8")
    return Unit(file, (file,), ("gcc", "-c", "one.c"), "gcc", tmp_path)


@pytest.fixture
def compile_unit(unit, cache, told):
    def call():
        (compiled,) = compile_units([unit], cache, told)
        return compiled

    return call


def test_an_object_and_its_files_come_out(compile_unit, unit, tmp_path):
    compiled = compile_unit()
    assert compiled.object.read_bytes()[:4] == b"\x7fELF"
    assert {str(unit.file), str(tmp_path / "one.h")} <= set(compiled.files)


def test_what_is_compiled_is_told(compile_unit, told):
    compile_unit()
    assert told == ["compiling one.c ..."]


def test_a_second_time_nothing_is_compiled(compile_unit, told):
    first = compile_unit()
    told.clear()
    assert compile_unit() == first
    assert told == []


def test_a_file_that_was_only_touched_is_not_compiled(compile_unit, unit, told):
    compile_unit()
    os.utime(unit.file)
    told.clear()
    compile_unit()
    assert told == []


@pytest.mark.parametrize("name", ["one.c", "one.h"])
def test_a_change_is_compiled(compile_unit, tmp_path, told, name):
    first = compile_unit()
    file = tmp_path / name
    file.write_text(f"{file.read_text(encoding='utf-8')}\nint two;\n", encoding="utf-8")
    told.clear()
    assert compile_unit().object != first.object
    assert told == ["compiling one.c ..."]


def test_a_change_that_is_taken_back_is_not_compiled(compile_unit, unit, told):
    first = compile_unit()
    before = unit.file.read_bytes()
    unit.file.write_bytes(before + b"int two;\n")
    compile_unit()
    unit.file.write_bytes(before)
    told.clear()
    assert compile_unit().object == first.object
    assert told == []


def test_a_header_that_is_gone_is_missed(compile_unit, tmp_path):
    compile_unit()
    (tmp_path / "one.h").unlink()
    with pytest.raises(BuildError) as error:
        compile_unit()
    assert "one.h" in error.value.output


def test_mistakes_are_shown_as_the_compiler_tells_them(compile_unit, unit):
    unit.file.write_text("int one(void) { return 1 }\n", encoding="utf-8")
    with pytest.raises(BuildError) as error:
        compile_unit()
    assert str(error.value) == f"{unit.file} does not compile"
    assert "one.c:1:25: error: expected" in error.value.output


def test_warnings_are_told(compile_unit, unit, told):
    unit.file.write_text("#warning mind the gap\n", encoding="utf-8")
    compile_unit()
    assert "mind the gap" in told[1]


def test_a_compiler_that_is_not_there_is_a_clear_error(cache, told, unit, tmp_path):
    none = Unit(unit.file, unit.texts, ("no-such-compiler",), "none", tmp_path)
    with pytest.raises(BuildError, match="no program no-such-compiler"):
        compile_units([none], cache, told)


def test_several_files_are_compiled_whichever_ends_first(cache, told, tmp_path):
    files = [tmp_path / f"{number}.c" for number in range(8)]
    for file in files:
        file.write_text(f"int f{file.stem};\n", encoding="utf-8")
    units = [Unit(file, (file,), ("gcc", "-c", str(file)), "gcc", tmp_path) for file in files]
    compiled = compile_units(units, cache, told)
    assert [next(iter(each.files)) for each in compiled] == [str(file) for file in files]


def test_a_file_that_is_saved_while_it_is_compiled_is_compiled_again(cache, told, unit, tmp_path):
    compiler = tmp_path / "saving"
    compiler.write_text(
        '#!/bin/sh\ngcc "$@" || exit\n[ -e again ] || { touch again; echo "int two;" >> one.c; }\n',
        encoding="utf-8",
    )
    compiler.chmod(0o755)
    saving = Unit(unit.file, unit.texts, (str(compiler), "-c", "one.c"), "slow", tmp_path)
    (compiled,) = compile_units([saving], cache, told)
    assert b"two" in compiled.object.read_bytes()


def test_a_file_that_is_saved_whenever_it_is_compiled_is_an_error(cache, told, unit, tmp_path):
    compiler = tmp_path / "saving"
    compiler.write_text('#!/bin/sh\ngcc "$@"\necho "/**/" >> one.c\n', encoding="utf-8")
    compiler.chmod(0o755)
    saving = Unit(unit.file, unit.texts, (str(compiler), "-c", "one.c"), "slow", tmp_path)
    with pytest.raises(BuildError, match="changes whenever"):
        compile_units([saving], cache, told)


def test_a_header_from_the_future_is_no_change(compile_unit, tmp_path):
    tomorrow = time.time() + 86400
    os.utime(tmp_path / "one.h", (tomorrow, tomorrow))
    assert compile_unit().object.is_file()


@pytest.mark.parametrize("text", ["", "no such file", "\0\0", "."])
def test_a_damaged_cache_is_mended(compile_unit, tmp_path, told, text):
    compile_unit()
    for record in (tmp_path / "cache" / "headers").iterdir():
        record.write_text(text, encoding="utf-8")
    told.clear()
    compile_unit()
    assert told == ["compiling one.c ..."]

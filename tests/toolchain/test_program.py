import subprocess
import threading
from dataclasses import replace

import pytest

from flux import resources
from flux.toolchain.cache import Cache
from flux.toolchain.compilers import find_compilers
from flux.toolchain.manifest import Flags
from flux.toolchain.process import BuildError
from flux.toolchain.program import build_program
from flux.toolchain.recipe import NodesFile
from flux.toolchain.stamps import unchanged


@pytest.fixture
def build(engine, recipe, cache, told):  # noqa: ARG001 - the engine must be there
    def call(**changes):
        told.clear()
        changed = replace(recipe, **changes)
        return build_program(changed, "key", find_compilers(), cache, told)

    return call


def output(binary):
    return subprocess.run([binary], capture_output=True, text=True, check=True).stdout


def make_library(folder, number):
    folder.mkdir(exist_ok=True)
    (folder / "number.c").write_text(f"int Number(void) {{ return {number}; }}", encoding="utf-8")
    subprocess.run(["gcc", "-c", "number.c"], cwd=folder, check=True)
    subprocess.run(["ar", "rc", "libextra.a", "number.o"], cwd=folder, check=True)


def test_a_program_is_built_of_all_its_parts(build, told):
    binary, _ = build()
    assert binary.name == "answer"
    assert output(binary) == "42\n"
    assert sorted(told) == [
        "compiling answer.cpp ...",
        "compiling answer_flux.cpp ...",
        "compiling number.c ...",
        "compiling the engine, once for this compiler ...",
    ]


def test_a_second_time_nothing_is_done(build, told):
    first = build()
    assert build() == first
    assert told == []


@pytest.mark.parametrize("name", ["program/answer.cpp", "program/number.c", "program/number.h"])
def test_a_change_of_the_users_is_a_change(build, told, tmp_path, name):
    _, files = build()
    assert str(tmp_path / name) in files
    (tmp_path / name).write_text(
        (tmp_path / name).read_text(encoding="utf-8").replace("21", "4").replace("2 *", "3 *")
        + "// more\n",
        encoding="utf-8",
    )
    assert not unchanged(files)
    build()
    assert len(told) == 1


def test_only_what_includes_a_header_is_compiled_again(build, told, tmp_path):
    build()
    (tmp_path / "program" / "number.h").write_text("#define NUMBER 4\n", encoding="utf-8")
    binary, _ = build()
    assert output(binary) == "8\n"
    assert told == ["compiling number.c ..."]


def test_a_change_of_the_engine_is_a_change(build, told, engine):
    _, files = build()
    main = engine / "src" / "main.cpp"
    main.write_text(main.read_text(encoding="utf-8").replace("%d", "<%d>"), encoding="utf-8")
    assert not unchanged(files)
    binary, _ = build()
    assert output(binary) == "<42>\n"
    assert told == ["compiling the engine, once for this compiler ..."]


def test_a_new_file_of_the_engine_is_a_change(build, engine):
    _, files = build()
    (engine / "src" / "more.cpp").touch()
    assert not unchanged(files)


def test_another_compiler_of_the_same_name_is_a_change(build, recipe, cache, told):
    build()
    told.clear()
    compilers = find_compilers()
    upgraded = compilers._replace(cxx=compilers.cxx._replace(identity="upgraded"))
    build_program(recipe, "key", upgraded, cache, told)
    assert "compiling answer_flux.cpp ..." in told


def test_headers_of_the_system_are_among_the_files(build):
    _, files = build(flags=Flags(cxxflags=("-include", "stdio.h")))
    assert "/usr/include/stdio.h" in files


def test_a_program_that_is_taken_back_is_there_already(build, tmp_path):
    first, _ = build()
    header = tmp_path / "program" / "number.h"
    before = header.read_bytes()
    header.write_text("#define NUMBER 4\n", encoding="utf-8")
    second, _ = build()
    header.write_bytes(before)
    assert build()[0] == first != second
    assert [output(first), output(second)] == ["42\n", "8\n"]


def test_flags_reach_the_compilers(build):
    binary, _ = build(flags=Flags(cxxflags=("-std=c++23", "-DNUMBER=4")))
    assert output(binary) == "8\n"


def test_flags_reach_the_linker(build):
    with pytest.raises(BuildError) as error:
        build(flags=Flags(ldflags=("-lno_such_library",)))
    assert str(error.value) == "answer does not link"
    assert "no_such_library" in error.value.output


def test_paths_in_flags_count_from_the_users_folder(build, tmp_path):
    headers = tmp_path / "program" / "headers"
    headers.mkdir()
    (tmp_path / "program" / "number.h").rename(headers / "number.h")
    binary, _ = build(flags=Flags(cxxflags=("-Iheaders",)))
    assert output(binary) == "42\n"


@pytest.mark.parametrize("flags", [["libs/libextra.a"], ["-Llibs", "-lextra"]])
def test_a_change_of_a_library_of_the_users_is_a_change(build, tmp_path, flags):
    asked = {
        "nodes": (NodesFile(tmp_path / "program" / "answer.cpp"),),
        "flags": Flags(ldflags=tuple(flags)),
    }
    make_library(tmp_path / "program" / "libs", 3)
    binary, files = build(**asked)
    assert output(binary) == "6\n"
    make_library(tmp_path / "program" / "libs", 4)
    assert not unchanged(files)
    binary, _ = build(**asked)
    assert output(binary) == "8\n"


def test_sanitizers_look_at_the_whole_program(build, told, tmp_path):
    build()
    number = tmp_path / "program" / "number.c"
    number.write_text(
        '#include "answer.h"\nint Number(void) { volatile int n = 2147483647; return n + 1; }\n',
        encoding="utf-8",
    )
    binary, _ = build(flags=Flags(sanitize="undefined"))
    done = subprocess.run([binary], capture_output=True, text=True, check=False)
    assert "signed integer overflow" in done.stderr
    assert "compiling the engine, once for this compiler ..." in told


def test_a_wrong_signature_is_a_mistake_that_shows_both(build, tmp_path):
    answer = tmp_path / "program" / "answer.cpp"
    answer.write_text(
        '#include "answer.h"\nint Twice(long number, int) { return 2 * int(number); }\n',
        encoding="utf-8",
    )
    with pytest.raises(BuildError) as error:
        build()
    assert str(error.value) == f"{answer} does not compile"
    assert "int Twice(long int, int)" in error.value.output
    assert "int Twice(int)" in error.value.output
    assert f"{answer}:2:5" in error.value.output


def test_a_wrong_signature_in_c_is_a_mistake(build, tmp_path):
    number = tmp_path / "program" / "number.c"
    number.write_text('#include "answer.h"\nint Number(int a) { return a; }\n', encoding="utf-8")
    with pytest.raises(BuildError) as error:
        build()
    assert "conflicting types for" in error.value.output


def test_files_of_one_name_in_two_folders_are_two(build, recipe, tmp_path):
    other = tmp_path / "other" / "answer.cpp"
    other.parent.mkdir()
    other.write_text('#include "number.h"\nint Thrice(int n) { return 3 * n; }\n', encoding="utf-8")
    more = (*recipe.nodes, NodesFile(other, ("Thrice",)))
    text = GENERATED_FOR_TWO.replace("Twice(int number)", "Twice(int number);\nint Thrice(int n)")
    generated = dict(recipe.generated) | {"answer.h": recipe.generated["answer.h"] + text}
    binary, files = build(nodes=more, generated=generated)
    assert output(binary) == "42\n"
    assert str(other) in files


GENERATED_FOR_TWO = "#ifdef __cplusplus\nint Thrice(int n);\n#endif\n"


def test_a_header_of_an_older_program_is_refused(build, tmp_path):
    old = tmp_path / "program" / "answer.h"
    old.write_text("int Twice(long);\n", encoding="utf-8")
    with pytest.raises(BuildError, match="remove it"):
        build()


def test_a_file_called_like_a_generated_one_is_refused(build, recipe, tmp_path):
    clash = NodesFile(tmp_path / "program" / "answer_flux.cpp")
    with pytest.raises(BuildError, match="rename it"):
        build(nodes=(*recipe.nodes, clash))


def test_c_without_a_compiler_for_it_is_a_clear_error(engine, recipe, cache, told):  # noqa: ARG001
    compilers = find_compilers()._replace(c=None)
    with pytest.raises(BuildError, match=r"no C compiler was found, and .*number\.c is C"):
        build_program(recipe, "key", compilers, cache, told)


def test_an_engine_that_does_not_compile_leaves_none(build, engine):
    main = engine / "src" / "main.cpp"
    before = main.read_bytes()
    main.write_text("int main() {", encoding="utf-8")
    with pytest.raises(BuildError, match="the engine does not compile") as error:
        build()
    assert "main.cpp:1" in error.value.output
    main.write_bytes(before)
    assert output(build()[0]) == "42\n"


def test_folders_may_have_spaces_in_their_names(engine, recipe, told, tmp_path, monkeypatch):
    home = tmp_path / "a home's folder"
    home.mkdir()
    for each in (recipe.folder, engine.parent):
        each.rename(home / each.name)
    monkeypatch.setattr(resources, "ROOTS", (home / engine.parent.name,))
    nodes = tuple(replace(file, path=home / "program" / file.path.name) for file in recipe.nodes)
    moved = replace(recipe, folder=home / "program", nodes=nodes)
    binary, _ = build_program(moved, "key", find_compilers(), Cache(home / "cache"), told)
    assert output(binary) == "42\n"


def test_two_builders_of_one_engine_compile_it_once(engine, recipe, cache, told):  # noqa: ARG001
    def build(key):
        build_program(recipe, key, find_compilers(), cache, told)

    builders = [threading.Thread(target=build, args=(key,)) for key in ("one", "two")]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert told.count("compiling the engine, once for this compiler ...") == 1

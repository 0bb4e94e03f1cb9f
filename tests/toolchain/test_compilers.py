import os

import pytest

from flux.toolchain.compilers import MissingCompilerError, find_compilers


@pytest.fixture
def tools(tmp_path):
    """Puts programs on a PATH of its own, which it gives as an environment."""

    def put(*names, **variables):
        for name in names:
            program = tmp_path / name
            program.write_text("#!/bin/sh\n", encoding="utf-8")
            program.chmod(0o755)
        return {"PATH": str(tmp_path), **variables}

    return put


def test_gcc_comes_first(tools):
    compilers = find_compilers(tools("clang++", "g++", "clang", "gcc"))
    assert (compilers.cxx.command, compilers.c.command) == (("g++",), ("gcc",))


def test_clang_does_where_there_is_no_gcc(tools):
    assert find_compilers(tools("clang++")).cxx.command == ("clang++",)


def test_programs_may_need_no_c_compiler(tools):
    assert find_compilers(tools("g++")).c is None


def test_the_environment_names_others(tools):
    compilers = find_compilers(tools("g++", "ccache", "mine", CXX="ccache g++ -m64", CC="mine"))
    assert compilers.cxx.command == ("ccache", "g++", "-m64")
    assert compilers.c.command == ("mine",)


def test_no_compiler_is_an_error(tools):
    with pytest.raises(MissingCompilerError, match=r"looked for g\+\+"):
        find_compilers(tools())


def test_a_name_of_no_program_is_an_error(tools):
    with pytest.raises(MissingCompilerError, match="CXX is none"):
        find_compilers(tools("g++", CXX="none"))


def test_a_compiler_that_was_replaced_is_another(tools, tmp_path):
    environment = tools("g++")
    before = find_compilers(environment).identity
    assert find_compilers(environment).identity == before
    os.utime(tmp_path / "g++", (1, 1))
    assert find_compilers(environment).identity != before


def test_a_compiler_behind_a_link_is_what_counts(tools, tmp_path):
    environment = tools("gcc-12")
    (tmp_path / "g++").symlink_to("gcc-12")
    before = find_compilers(environment).identity
    os.utime(tmp_path / "gcc-12", (1, 1))
    assert find_compilers(environment).identity != before


def test_what_compilers_heed_counts(tools, monkeypatch):
    before = find_compilers(tools("g++")).identity
    monkeypatch.setenv("CPATH", "/elsewhere")
    assert find_compilers(tools("g++")).identity != before

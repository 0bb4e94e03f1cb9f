"""What compilers say of a node whose signature isn't the program's."""

import shutil
import subprocess

import pytest

from flux.resources import folder
from flux.toolchain.wrapper import wrapper

COMPILERS = [name for name in ("g++", "clang++", "clang++-14") if shutil.which(name)]

HEADER = """\
#pragma once
int Compress(int socket, char *raw, int size, int *out_socket);
"""


@pytest.fixture(params=COMPILERS)
def check(request, tmp_path):
    """What a compiler says of a definition of `Compress`, by a wrapper."""

    def call(definition):
        (tmp_path / "server.h").write_text(HEADER, encoding="utf-8")
        text = f'#include "server.h"\n\n{definition}\n'
        (tmp_path / "server.cpp").write_text(text, encoding="utf-8")
        wrapped = tmp_path / "checked_server.cpp"
        wrapped.write_text(wrapper("server.cpp", ["Compress"]), encoding="utf-8")
        include = f"-I{folder('engine') / 'include'}"
        flags = ["-std=c++20", "-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"]
        command = [request.param, *flags, include, "-fsyntax-only", wrapped.name]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.stderr

    return call


def test_the_right_signature_is_silent(check):
    assert not check("int Compress(int, char *, int, int *) { return 0; }")


@pytest.mark.parametrize(
    ("definition", "signature"),
    [
        ("int Compress(int, char **, int, int *) { return 0; }", "int Compress(int, char **"),
        ("int Compress(int, char *, int) { return 0; }", "int Compress(int, char *, int)"),
        ("int Compress() { return 0; }", "int Compress()"),
    ],
)
def test_another_signature_is_shown_beside_the_right_one(check, definition, signature):
    said = check(definition).replace("char*", "char *")
    assert "server.cpp:3" in said
    assert "Compress" in next(line for line in said.splitlines() if "error:" in line)
    assert signature in said
    assert "int Compress(int socket, char *raw, int size, int *out_socket);" in said


def test_another_result_is_a_mistake_at_the_function(check):
    said = check("bool Compress(int, char *, int, int *) { return true; }")
    assert "server.cpp:3:6: error:" in said
    assert "Compress" in said


def test_a_template_in_the_place_of_a_node_is_a_mistake(check):
    assert "error:" in check("template <class T> int Compress(int, T, int, int *) { return 0; }")

import shutil
import subprocess
from pathlib import Path

import pytest

from flux.backends.cpp.backend import CppBackend
from flux.backends.cpp.header import Surroundings
from flux.bindings.cpp import bind

HEADERS = Path(__file__).parents[3] / "engine" / "include"
WIDE = """
source Start {session: ByCustomer} => Class;
Start () -> (int number, char* customer, Connection connection_to_the_customer, a::B<Thing> b);
Class:[even, _, _, _] = Handle_A_Request_Of_A_Customer_That_Has_An_Uncommonly_Long_Name_Of_Its_Own;
Class:[_, _, _, _] = Import -> close;
typedef even IsEven;
Handle_A_Request_Of_A_Customer_That_Has_An_Uncommonly_Long_Name_Of_Its_Own
    (int number, char* customer, Connection connection_to_the_customer, a::B<Thing> b) -> ();
Import (int from, char* while, Connection conn, a::B<Thing> errno) -> (int from);
close (int fd) -> ();
"""
IN_C = """
source Start {session: ByNumber} => Class;
Start () -> (int number, Picture* picture, struct Foo* foo);
Class:[even, _, _] = Work;
Class:[_, _, _] = Work;
typedef even IsEven;
Work (int number, Picture* picture, struct Foo* foo) -> (int number);
"""


def written(server):
    texts = server.stubs()
    for path, text in texts.items():
        with path.open("a", encoding="utf-8", newline="") as file:
            file.write(text)
    return {path.name: text for path, text in texts.items()}


def test_new_file_includes_the_header(implemented):
    assert written(implemented()) == {
        "server.cpp": """// The functions of server.flux.

#include "server.h"

// Listen () -> (int socket)
int Listen(int* socket) {
  // Not written yet.
  return ENOSYS;
}

// Read (int socket) -> (int socket, char* line)
int Read(int socket, int* out_socket, char** line) {
  // Not written yet.
  return ENOSYS;
}

// Reply (int socket, char* line) -> ()
int Reply(int socket, char* line) {
  // Not written yet.
  return ENOSYS;
}
"""
    }


def test_types_of_the_program_get_a_header(implemented):
    texts = written(implemented(None, WIDE))
    assert texts["server.cpp"].splitlines()[1] == "// flux: headers=server_types.h"
    assert (
        texts["server_types.h"]
        == """// The types that flow through server.flux: give them what they need.

#pragma once

struct Connection {};
struct Thing {};
namespace a {
template <typename...>
struct B {};
}  // namespace a
"""
    )


def test_header_that_is_there_stays_as_it_is(implemented):
    texts = written(implemented(None, WIDE, server_types__h="// mine\n"))
    assert list(texts) == ["server.cpp"]


def test_only_missing_functions_are_added(implemented, right):
    whole = right.replace("int Read", "// int Read")
    assert written(implemented(whole)) == {
        "server.cpp": """
// Read (int socket) -> (int socket, char* line)
int Read(int socket, int* out_socket, char** line) {
  // Not written yet.
  return ENOSYS;
}
"""
    }


def test_nothing_is_added_to_a_whole_file(implemented, right):
    assert implemented(right).stubs() == {}


def test_functions_of_the_system_and_of_further_files_are_there(implemented):
    program = "source S => close; S () -> (int fd); close (int fd) -> ();"
    server = implemented("// flux: files=s.cpp\n", program, s__cpp="int S(int* fd) {}")
    assert server.stubs() == {}


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
def test_a_line_stays_empty_before_the_first_stub(implemented, right, end):
    server = implemented(right.replace("int Reply", "// int Reply").rstrip() + end)
    before = server.path.read_text(encoding="utf-8")
    assert (before + written(server)["server.cpp"]).count("}\n\n// Reply") == 1 - before.count("x")


def test_line_ends_are_those_of_the_file(implemented):
    text = written(implemented(b"int x;\r\n"))["server.cpp"]
    assert text.count("\n") == text.count("\r\n") > 0


@pytest.mark.parametrize("present", [None, "int x;\n"])
@pytest.mark.parametrize(
    ("name", "program"), [("server.cpp", WIDE), ("server.c", IN_C), ("server.cpp", IN_C)]
)
def test_stubs_bear_the_program(implemented, name, program, present):
    server = implemented(present, program, name=name)
    written(server)
    assert bind(server.graph, [server.path]).diagnostics == ()


@pytest.mark.parametrize(
    ("name", "program", "compiler"),
    [("server.cpp", WIDE, ["g++", "-std=c++20"]), ("server.c", IN_C, ["gcc", "-std=c11"])],
)
def test_stubs_compile_at_once(implemented, tmp_path, name, program, compiler):
    server = implemented(None, program, name=name)
    written(server)
    found = bind(server.graph, [server.path])
    around = Surroundings(found.directives.headers, found.c_functions, found.system)
    header = CppBackend(around=around).generate(server.plan).files["server.h"]
    (tmp_path / "server.h").write_text(header, encoding="utf-8")
    command = [*compiler, "-Wall", "-Werror", "-fsyntax-only", "-I", str(HEADERS), server.path]
    subprocess.run(command, check=True)


@pytest.mark.parametrize("program", [WIDE, IN_C])
def test_stubs_are_formatted(implemented, tmp_path, program):
    style = "{BasedOnStyle: Google, ColumnLimit: 100}"
    formatter = shutil.which("clang-format") or "clang-format-14"
    written(implemented(None, program))
    for file in tmp_path.iterdir():
        subprocess.run([formatter, f"--style={style}", "--dry-run", "-Werror", file], check=True)


@pytest.mark.parametrize("broken", [b"\xff", b"// flux: files=nowhere.cpp\n"])
def test_file_that_cannot_be_read_gets_no_stubs(implemented, broken):
    with pytest.raises(ValueError, match="no stubs can be added to it"):
        implemented(broken).stubs()

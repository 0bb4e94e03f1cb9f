import subprocess
import sys

import pytest

WIDE = """
source Start {session: ByCustomer} => Class;
Start () -> (int number, char* customer, Connection connection_to_the_customer);
Class:[even, _, _] = Handle_A_Request_Of_A_Customer_That_Has_An_Uncommonly_Long_Name_Of_Its_Own;
Class:[_, _, _] = Import;
typedef even IsEven;
Handle_A_Request_Of_A_Customer_That_Has_An_Uncommonly_Long_Name_Of_Its_Own
    (int number, char* customer, Connection connection_to_the_customer) -> ();
Import (int from, char* from_, Connection conn) -> ();
"""


def test_new_file_says_what_it_is(implemented):
    assert (
        implemented(None).stubs()
        == '''"""The nodes of server.flux."""


def listen():
    """Listen () -> (Connection conn)."""
    raise NotImplementedError("Listen")


def read(conn):
    """Read (Connection conn) -> (Connection conn, char* data)."""
    raise NotImplementedError("Read")


def reply(conn, data):
    """Reply (Connection conn, char* data) -> ()."""
    raise NotImplementedError("Reply")
'''
    )


def test_only_missing_functions_are_added(implemented):
    stubs = implemented("def listen(): ...\n\n\ndef Reply(conn, data): ...\n").stubs()
    assert (
        stubs
        == '''

def read(conn):
    """Read (Connection conn) -> (Connection conn, char* data)."""
    raise NotImplementedError("Read")
'''
    )


def test_nothing_is_added_to_a_whole_file(implemented):
    whole = "def listen(): ...\ndef read(conn): ...\ndef reply(conn, data): ...\n"
    assert implemented(whole).stubs() == ""


def test_what_is_there_is_not_defined_again(implemented):
    assert "def listen" not in implemented("listen = 5\n").stubs()


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n\n\n"])
def test_two_lines_stay_empty_before_the_first_stub(implemented, end):
    before = f"def listen(): ...{end}"
    assert (before + implemented(before).stubs()).startswith(
        "def listen(): ...\n\n\ndef read(conn):\n"
    )


def test_line_ends_are_those_of_the_file(implemented):
    stubs = implemented(b"def listen(): ...\r\n").stubs()
    assert stubs.count("\n") == stubs.count("\r\n") > 0


@pytest.mark.parametrize("length", ["79", "88", "100"])
@pytest.mark.parametrize("present", [None, '"""Mine."""\n', "import os\n"])
def test_stubs_are_formatted_and_accepted(implemented, present, length):
    server = implemented(present, WIDE)
    with server.path.open("a", encoding="utf-8") as file:
        file.write(server.stubs())
    subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "format",
            "--isolated",
            "--diff",
            "--line-length",
            length,
            server.path,
        ],
        check=True,
    )
    assert server.check() == ()


def test_parameters_avoid_keywords_and_each_other(implemented):
    assert "def Import(from__, from_, conn):" in implemented(None, WIDE).stubs()


def test_types_with_quotes_stay_in_the_docstring(implemented):
    program = """source S => W; S () -> (Literal["a"] x); W (Literal["a"] x) -> ();"""
    server = implemented(None, program)
    server.path.write_text(server.stubs(), encoding="utf-8")
    assert server.check() == ()


@pytest.mark.parametrize("broken", [b"def (", b"\xff"])
def test_broken_file_gets_no_stubs(implemented, broken):
    with pytest.raises(ValueError, match="no stubs can be added to it"):
        implemented(broken).stubs()

from pathlib import Path

from flux.bindings import Implementation, Place, find_nodes_file


def test_every_name_is_bound_to_its_function(implemented):
    server = implemented("def listen(): ...\n\n\ndef Read(conn): ...\nreply = print\n")
    bindings, found = server.bind()
    name = str(server.path)
    assert found == ()
    assert bindings == {
        "Listen": Implementation("python", "listen", Place(name, 1)),
        "Read": Implementation("python", "Read", Place(name, 4)),
        "Reply": Implementation("python", "reply", Place(name, 5)),
    }


def test_missing_functions_are_not_bound(implemented):
    bindings, found = implemented("def listen(): ...").bind()
    assert list(bindings) == ["Listen"]
    assert len(found) == 2


def test_nodes_file_stands_beside_the_program(tmp_path):
    (tmp_path / "server.py").touch()
    assert find_nodes_file(tmp_path / "server.flux") == tmp_path / "server.py"
    assert find_nodes_file(tmp_path / "other.flux") is None


def test_missing_file_is_told(implemented):
    [found] = implemented(None).check()
    assert found.code == "nodes-file"
    assert found.message.endswith("server.py`: No such file or directory")


def test_folder_is_no_nodes_file(implemented):
    server = implemented(None)
    Path(server.path).mkdir()
    [found] = server.check()
    assert found.message.endswith("server.py`: Is a directory")


def test_mistake_of_python_is_shown_at_its_line(implemented):
    server = implemented("def listen(): ...\ndef read(conn:\n")
    [found] = server.check()
    assert found.code == "nodes-file"
    assert str(found.primary.span) == f"{server.path}:2:9"


def test_other_bytes_than_utf_8_are_told(implemented):
    server = implemented(b"# caf\xe9\n")
    [found] = server.check()
    assert (found.code, found.message) == ("nodes-file", "`server.py` is no UTF-8 text")
    assert str(found.primary.span) == f"{server.path}:1:6"


def test_null_bytes_are_no_python(implemented):
    [found] = implemented(b"a = 1\0").check()
    assert found.code == "nodes-file"


def test_names_are_checked_even_without_a_file(implemented):
    program = "source ReadIt => Read_It; ReadIt () -> (); Read_It () -> ();"
    assert [found.code for found in implemented(None, program).check()] == [
        "name-clash",
        "nodes-file",
    ]


def test_odd_escapes_are_nobodys_warning(implemented):
    nodes = "def listen(): '\\d'\ndef read(conn): ...\ndef reply(conn, data): ..."
    assert implemented(nodes).check() == ()


def test_byte_order_mark_is_no_mistake(implemented):
    nodes = b"\xef\xbb\xbfdef listen(): ...\ndef read(conn): ...\ndef reply(conn, data): ..."
    assert implemented(nodes).check() == ()

import pytest

from flux.bindings.cpp import Directives, find_nodes_files, read_nodes


@pytest.mark.parametrize("suffix", [".cpp", ".cc", ".cxx", ".c"])
def test_nodes_file_stands_beside_the_program(tmp_path, suffix):
    nodes = tmp_path / f"server{suffix}"
    nodes.touch()
    assert find_nodes_files(tmp_path / "server.flux") == (nodes,)


def test_there_may_be_no_nodes_file(tmp_path):
    (tmp_path / "other.cpp").touch()
    (tmp_path / "server.cpp").mkdir()
    assert find_nodes_files(tmp_path / "server.flux") == ()


def test_one_of_two_nodes_files_must_be_meant(implemented, right, tmp_path):
    server = implemented(right, server__c="")
    found = read_nodes(server.graph, find_nodes_files(tmp_path / "server.flux"))
    assert [each.message for each in found.diagnostics] == [
        "both `server.cpp` and `server.c` may have the functions of this program"
    ]


def test_settings_of_all_nodes_files_count(implemented, tmp_path):
    server = implemented("// flux: libs=z,jpeg\n", more__cpp="// flux: libs=jpeg,m\n")
    found = read_nodes(server.graph, [server.path, tmp_path / "more.cpp"])
    assert found.directives == Directives(libs=("z", "jpeg", "m"))


def test_further_files_are_to_be_compiled(implemented, right, tmp_path):
    server = implemented(f"// flux: files=a.cpp,b.c\n{right}", a__cpp="", b__c="int In_c() {}")
    found = server.bind()
    assert found.diagnostics == ()
    assert found.files == (server.path, tmp_path / "a.cpp", tmp_path / "b.c")
    assert found.c_functions == {"In_c"}


def test_unreadable_files_are_told(complaints, tmp_path):
    missing = f"cannot read `{tmp_path / 'a.cpp'}`: No such file or directory"
    assert complaints("// flux: files=a.cpp\n") == [f"nodes-file: {missing}"]
    assert complaints(None, name="b.cpp") == [
        f"nodes-file: cannot read `{tmp_path / 'b.cpp'}`: No such file or directory"
    ]


def test_files_that_are_no_text_are_told(complaints):
    assert complaints(b"// caf\xe9\n") == ["nodes-file: `server.cpp` is no UTF-8 text"]
    assert complaints("// flux: files=a.c\n", a__c=b"\xff") == [
        "nodes-file: `a.c` is no UTF-8 text"
    ]


def test_header_that_is_no_text_is_left_to_the_compiler(complaints):
    assert complaints('#include "a.h"\n', a__h=b"\xff") == []


def test_byte_order_mark_and_windows_line_ends_do_not_matter(complaints, right):
    text = f"// flux: files=a.c\n{right}".replace("\n", "\r\n")
    assert complaints(b"\xef\xbb\xbf" + text.encode(), a__c="") == []


def test_file_that_is_very_long_is_left_to_the_compiler(implemented):
    server = implemented("// flux: libs=z\n" + "int x;\n" * 200_000)
    assert server.bind().diagnostics == ()
    assert server.bind().directives.libs == ("z",)


def test_headers_are_read_once_each(implemented, right):
    others = {f"h{n}__h": f'#include "h{n + 1}.h"\n#include "h0.h"\n' for n in range(100)}
    assert implemented(f'#include "h0.h"\n{right}', **others).bind().diagnostics == ()

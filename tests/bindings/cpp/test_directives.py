import pytest

from flux.bindings.cpp.directives import Directives, Setting, directives_of, read_directives
from flux.source import SourceFile


def directives(text):
    found = list(read_directives(SourceFile("server.cpp", text)))
    assert all(isinstance(each, Setting) for each in found), found
    return directives_of(found)


def mistakes(text):
    found = read_directives(SourceFile("server.cpp", text))
    return [each.message for each in found if not isinstance(each, Setting)]


@pytest.mark.parametrize(
    "text",
    [
        "// flux: headers=types.h,<sqlite3.h> libs=jpeg,z",
        "//flux:headers=types.h,<sqlite3.h>   libs=jpeg,z\n",
        "// flux: headers=types.h\n// flux: headers=<sqlite3.h> libs=jpeg\n// flux: libs=z",
        "/* flux: headers=types.h,<sqlite3.h> libs=jpeg,z */",
        "/* flux: headers=types.h,<sqlite3.h>\n *  libs=jpeg,z\n */",
        "\n// Mine.\r\n/* Licence. */\r\n// flux: headers=types.h,<sqlite3.h> libs=jpeg,z\r\n",
        "/// flux: headers=types.h,<sqlite3.h> libs=jpeg,z,jpeg",
    ],
)
def test_settings_stand_in_comments_at_the_top(text):
    assert directives(f"{text}\nint x;") == Directives(("types.h", "<sqlite3.h>"), ("jpeg", "z"))


def test_flags_are_kept_as_they_are():
    text = "// flux: ldflags=-Wl,-rpath,/opt cxxflags=-std=c++23 cxxflags=-O3 cxxflags=-O3"
    assert directives(text) == Directives(
        cxxflags=("-std=c++23", "-O3", "-O3"), ldflags=("-Wl,-rpath,/opt",)
    )


def test_further_files_are_named():
    assert directives("// flux: files=cache.cpp,lib/codec.c").files == ("cache.cpp", "lib/codec.c")


def test_nodes_are_called_blocking():
    assert directives("// flux: blocking=Compress,Decode blocking=Decode").blocking == (
        "Compress",
        "Decode",
    )


@pytest.mark.parametrize("text", ["", "// A server.", "int x; /* flux */", "/* flux: libs=z"])
def test_a_file_may_say_nothing(text):
    assert directives(text) == Directives()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("lib=z", "`lib` cannot be set"),
        ("libs", "`libs` sets nothing"),
        ("libs=", "`libs` is given no value"),
        ("libs=-lz", "`libs` cannot be `-lz`"),
        ("libs=z,,jpeg", "`libs` cannot be ``"),
        ("files=cache.h", "`files` cannot be `cache.h`"),
        ('headers="types.h"', '`headers` cannot be `"types.h"`'),
        ("headers=<types.h", "`headers` cannot be `<types.h`"),
        ("=z", "`` cannot be set"),
    ],
)
def test_wrong_settings_are_told(words, message):
    assert mistakes(f"// flux: {words}\n") == [message]


def test_settings_behind_code_are_told():
    text = "int x;\n  // flux: libs=z\n// flux: it is\n"
    [found] = read_directives(SourceFile("server.cpp", text))
    assert found.message == "a setting of this file is never read"
    assert found.primary.span.text == "// flux: libs="

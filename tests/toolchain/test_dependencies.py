import pytest

from flux.toolchain.dependencies import read_dependencies


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("a.o: a.c\n", []),
        ("a.o: a.c b.h c.h\n", ["b.h", "c.h"]),
        ("a.o: a.c b.h \\\n  c.h\n", ["b.h", "c.h"]),
        ("a.o: a.c with\\ space.h\n", ["with space.h"]),
        ("a.o: a.c a\\#b.h cost$$.h\n", ["a#b.h", "cost$.h"]),
        ("a.o: a.c back\\slash.h\n", ["back\\slash.h"]),
        ("/a:b.o: a.c C:x.h\n", ["C:x.h"]),
    ],
)
def test_the_headers_of_a_rule_are_found(tmp_path, text, files):
    rule = tmp_path / "rule.d"
    rule.write_text(text, encoding="utf-8")
    assert read_dependencies(rule) == files


def test_names_that_are_no_text_are_kept(tmp_path):
    rule = tmp_path / "rule.d"
    rule.write_bytes(b"a.o: a.c \xff.h\n")
    assert read_dependencies(rule) == ["\udcff.h"]

import pytest

from flux.reload.imports import local_modules


@pytest.fixture
def found(tmp_path):
    """The names of what a text imports, from a folder with some modules."""
    for name in ("helper.py", "pack/__init__.py", "pack/deep.py", "pack/inner/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    nodes = tmp_path / "nodes.py"

    def call(text, files=()):
        for name, content in files:
            (tmp_path / name).write_text(content, encoding="utf-8")
        nodes.write_text(text, encoding="utf-8")
        return {str(path.relative_to(tmp_path)) for path in local_modules(nodes) if path.exists()}

    return call


@pytest.mark.parametrize(
    ("text", "imported"),
    [
        ("import os, helper", {"helper.py"}),
        ("def f():\n    from helper import word", {"helper.py"}),
        ("import pack.deep", {"pack/__init__.py", "pack/deep.py"}),
        ("from pack import deep, other", {"pack/__init__.py", "pack/deep.py"}),
        ("import pack.inner.absent", {"pack/__init__.py", "pack/inner/__init__.py"}),
        ("from . import helper", {"helper.py"}),
        ("from ....... import helper", set()),
        ("import helper; print(", set()),
        ("\0", set()),
    ],
)
def test_what_stands_beside_a_file_and_is_imported_is_part_of_it(found, text, imported):
    assert found(text) == {"nodes.py"} | imported


def test_imports_are_followed_and_may_go_round(found):
    files = [
        ("helper.py", "from pack.deep import word\nimport nodes"),
        ("pack/deep.py", "from .inner import more"),
    ]
    modules = {"helper.py", "pack/__init__.py", "pack/deep.py", "pack/inner/__init__.py"}
    assert found("import helper", files) == {"nodes.py"} | modules


def test_a_module_that_is_not_there_yet_is_waited_for(tmp_path):
    nodes = tmp_path / "nodes.py"
    nodes.write_text("import later", encoding="utf-8")
    assert tmp_path / "later.py" in local_modules(nodes)


def test_a_file_with_a_doubtful_escape_warns_nobody(found):
    assert found("import helper\nx = '\\d'") == {"nodes.py", "helper.py"}

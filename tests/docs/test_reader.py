"""The tests of the docs would notice what is wrong."""

import pytest
from docs.editing import amended, patched
from docs.reader import MismatchError, Reader


@pytest.fixture
def follow(tmp_path):
    """Lets a reader follow a page with this text."""

    def call(text):
        page, home = tmp_path / "page.md", tmp_path / "home"
        page.write_text(text)
        home.mkdir()
        with Reader(home, 8080) as reader:
            reader.follow(page)

    return call


def test_true_output_is_accepted(follow):
    follow("```console\n$ echo one; echo two\none\ntwo\n$ true\n```\n")


def test_wrong_output_is_noticed_with_its_place(follow):
    with pytest.raises(MismatchError, match=r"page.md:2: echo one\ngives\none\n"):
        follow("Look:\n```console\n$ echo one\ntwo\n```\n")


def test_missing_output_is_noticed(follow):
    with pytest.raises(MismatchError, match="echo one"):
        follow("```console\n$ echo one\n```\n")


def test_dots_stand_for_anything(follow):
    follow("```console\n$ seq 10\n1\n...\n9\n1...\n```\n")


def test_folder_stays_changed(follow):
    follow("```console\n$ mkdir deep\n$ cd deep\n```\n```console\n$ basename $PWD\ndeep\n```\n")


def test_file_is_written_where_the_reader_is(follow):
    follow("```flux one.flux\nA = B;\n```\n```console\n$ cat one.flux\nA = B;\n```\n")


def test_comment_may_name_the_file(follow):
    follow("```flux\n// one.flux\nA = B;\n```\n```console\n$ tail -1 one.flux\nA = B;\n```\n")


def test_quotation_of_nothing_is_noticed(follow):
    with pytest.raises(MismatchError, match="no file holds\nA = C;"):
        follow("```flux one.flux\nA = B;\n```\n```flux\nA = C;\n```\n")


def test_command_in_another_terminal_goes_on_until_it_is_interrupted(follow):
    follow(
        "```console other\n$ sh -c 'echo on; exec cat'\non\n```\n"
        "```console\n$ echo here\nhere\n```\n"
        "```console other\n^C\n$ echo again\nagain\n```\n"
    )


def test_definition_replaces_that_of_the_same_name():
    old = "import os\n\nx = 1\n\n\ndef f():\n    pass\n"
    new = "import sys\n\n\ndef f():\n    return x\n"
    assert amended(old, new) == "import os\nimport sys\n\nx = 1\n\ndef f():\n    return x\n"


def test_diff_changes_each_of_its_places():
    assert patched("a\nb\nc\nd\n", " a\n+x\n\n-c\n d\n") == "a\nx\nb\nd\n"


def test_diff_of_another_file_is_noticed():
    with pytest.raises(ValueError, match="not one place holds\ne\n"):
        patched("a\n", "-e\n")

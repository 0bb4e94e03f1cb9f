import os

import pytest

from flux.toolchain.stamps import digest_of, stamp, stamps, unchanged

LONG_AGO = 1_000_000_000


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file.h"
    path.write_text("one", encoding="utf-8")
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def test_a_file_that_stays_is_unchanged(file):
    assert unchanged(stamps([str(file)]))


def test_a_file_that_was_only_touched_is_unchanged(file):
    then = stamps([str(file)])
    os.utime(file)
    assert unchanged(then)


def test_other_contents_of_the_same_size_are_a_change(file):
    then = stamps([str(file)])
    file.write_text("two", encoding="utf-8")
    assert not unchanged(then)


def test_a_change_within_the_same_tick_of_the_clock_is_seen(file):
    os.utime(file)
    times = file.stat()
    then = stamps([str(file)])
    file.write_text("two", encoding="utf-8")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert not unchanged(then)


def test_a_file_that_is_gone_is_a_change(file):
    then = stamps([str(file)])
    file.unlink()
    assert not unchanged(then)


def test_a_new_file_changes_its_folder(file):
    os.utime(file.parent, (LONG_AGO, LONG_AGO))
    then = stamps([str(file.parent)])
    assert unchanged(then)
    (file.parent / "other.h").touch()
    assert not unchanged(then)


def test_equal_contents_have_equal_digests(file, tmp_path):
    other = tmp_path / "other.h"
    other.write_text("one", encoding="utf-8")
    assert stamp(str(file)).digest == stamp(str(other)).digest


def test_texts_that_are_divided_otherwise_have_another_digest():
    assert digest_of("ab", "c") != digest_of("a", "bc")


def test_names_that_are_no_text_have_a_digest():
    assert digest_of("\udcff") != digest_of("\udcfe")

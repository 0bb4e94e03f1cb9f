import os

import pytest

from flux.cli import files
from flux.cli.mistakes import Mistakes
from flux.diagnostics import Code
from flux.runtime import writing


def test_a_byte_order_mark_is_no_part_of_the_text():
    assert files.decoded("a.flux", b"\xef\xbb\xbfA = B;").text == "A = B;"


def test_bytes_that_are_no_text_are_pointed_to():
    with pytest.raises(Mistakes) as caught:
        files.decoded("a.flux", "A = ü;\nB".encode() + b"\xff = C;")
    [diagnostic] = caught.value.diagnostics
    assert diagnostic.code is Code.NOT_TEXT
    assert str(diagnostic.primary.span) == "a.flux:2:2"
    assert diagnostic.primary.text == "byte 9 is 0xff"


def test_text_in_another_encoding_is_pointed_to():
    with pytest.raises(Mistakes) as caught:
        files.decoded("a.flux", "A = B;".encode("utf-16"))
    assert str(caught.value.diagnostics[0].primary.span) == "a.flux:1:1"


def test_a_character_that_the_end_cuts_is_pointed_to():
    with pytest.raises(Mistakes) as caught:
        files.decoded("a.flux", b"A\xc3")
    assert str(caught.value.diagnostics[0].primary.span) == "a.flux:1:2"


def test_a_file_without_end_is_read_up_to_a_bound(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "MOST_BYTES", 8)
    (tmp_path / "long").write_text("ü" * 100, encoding="utf-8")
    assert files.read(tmp_path / "long").text == "üüüü"


def test_a_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "a"
    path.write_text("before", encoding="utf-8")
    path.chmod(0o751)
    files.write(path, "after")
    assert path.read_text(encoding="utf-8") == "after"
    assert path.stat().st_mode & 0o777 == 0o751


def test_a_link_keeps_pointing_to_what_is_written(tmp_path):
    path, link = tmp_path / "a", tmp_path / "link"
    path.write_text("before", encoding="utf-8")
    link.symlink_to(path)
    files.write(link, "after")
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == "after"


def test_a_file_that_cannot_be_replaced_leaves_no_draft(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_text("before", encoding="utf-8")

    def fail(*_):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(writing.shutil, "copymode", fail)
    with pytest.raises(files.click.ClickException, match="No space left on device"):
        files.write(path, "after")
    assert [(file.name, file.read_text(encoding="utf-8")) for file in tmp_path.iterdir()] == [
        ("a", "before")
    ]


def test_a_file_that_cannot_be_written_is_called_by_its_own_name(tmp_path):
    path = tmp_path / "nowhere" / "a"
    with pytest.raises(files.click.ClickException) as caught:
        files.write(path, "text")
    assert caught.value.message == f"{path}: No such file or directory"


def test_a_device_stays_one():
    files.write(files.Path(os.devnull), "text")
    assert not files.Path(os.devnull).is_file()

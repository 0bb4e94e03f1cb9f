"""The real watch, of real folders: each test waits for what it is to tell."""

from flux.reload.watching import folders_of, watching


def test_a_watch_tells_that_a_file_was_replaced_by_another(tmp_path):
    file = tmp_path / "image.flux"
    file.write_text("one")
    watch = watching(lambda known=[str(file)]: known)
    assert next(watch)
    (tmp_path / "draft").write_text("two")
    (tmp_path / "draft").rename(file)
    assert any(watch)


def test_a_watch_ticks_when_nothing_happens(tmp_path):
    watch = watching(lambda known=[str(tmp_path / "image.flux")]: known)
    assert next(watch)
    assert not next(watch)


def test_other_files_are_watched_from_the_next_tick_on(tmp_path):
    (tmp_path / "later").mkdir()
    known = [[str(tmp_path / "image.flux")]]
    watch = watching(lambda: known[0])
    assert next(watch)
    known[0] = [str(tmp_path / "later" / "helper.py")]
    assert any(watch)
    (tmp_path / "later" / "helper.py").write_text("new")
    assert any(watch)


def test_a_folder_that_is_made_anew_is_watched_again(tmp_path):
    folder = tmp_path / "pack"
    folder.mkdir()
    known = [str(tmp_path / "image.flux"), str(folder / "deep.py")]
    watch = watching(lambda: known)
    assert next(watch)
    folder.rename(tmp_path / "old")
    folder.mkdir()
    assert any(watch)
    assert any(watch)
    (folder / "deep.py").write_text("new")
    assert any(watch)


def test_the_folder_that_a_link_leads_to_is_watched_too(tmp_path):
    (tmp_path / "far").mkdir()
    link = tmp_path / "image.flux"
    link.symlink_to(tmp_path / "far" / "image.flux")
    assert set(folders_of([str(link)])) == {str(tmp_path), str(tmp_path / "far")}


def test_a_folder_that_is_not_there_is_left_out(tmp_path):
    assert folders_of([str(tmp_path / "absent" / "image.flux")]) == {}

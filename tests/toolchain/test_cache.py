import errno
import os
import threading

import pytest

from flux.toolchain.cache import Cache, cache_folder


def kept(cache, kind, key, size=1, age=0):
    """An entry that was used some seconds ago."""
    with cache.draft() as draft:
        (draft / "new").mkdir()
        (draft / "new" / "file").write_bytes(b"x" * size)
        entry = cache.keep(draft / "new", kind, key)
    now = entry.stat().st_mtime
    os.utime(entry, (now - age, now - age))
    return entry


def test_an_entry_is_what_was_made(cache):
    entry = cache.write("manifests", "key", "text")
    assert entry == cache.entry("manifests", "key")
    assert entry.read_text(encoding="utf-8") == "text"


def test_a_draft_that_fails_leaves_nothing(cache, tmp_path):
    with pytest.raises(FileNotFoundError), cache.draft() as draft:
        cache.keep(draft / "none", "objects", "key")
    assert list((tmp_path / "cache" / "drafts").iterdir()) == []


def test_who_is_second_to_make_a_folder_uses_the_first(cache):
    first = kept(cache, "programs", "key", size=1)
    assert kept(cache, "programs", "key", size=2) == first
    assert (first / "file").stat().st_size == 1


def test_an_entry_that_is_not_there_was_not_used(cache):
    assert not cache.used(cache.entry("objects", "none"))


def test_an_entry_of_a_cache_that_can_only_be_read_was_used(cache, monkeypatch):
    entry = kept(cache, "engines", "key")

    def refuse(path):
        raise OSError(errno.EROFS, "Read-only file system", path)

    monkeypatch.setattr(os, "utime", refuse)
    assert cache.used(entry)
    assert not cache.used(cache.entry("engines", "none"))


def test_the_oldest_programs_beyond_the_bound_go(cache):
    entries = [kept(cache, "programs", f"{age}", age=age) for age in range(5)]
    cache.trim(most_programs=3)
    assert [entry.exists() for entry in entries] == [True, True, True, False, False]


def test_the_oldest_entries_beyond_the_size_go(cache):
    entries = [kept(cache, "objects", f"{age}", size=1000, age=age) for age in range(5)]
    cache.trim(most_bytes=2500)
    assert [entry.exists() for entry in entries] == [True, True, False, False, False]


def test_what_was_used_again_stays(cache):
    old = kept(cache, "programs", "old", age=100)
    new = kept(cache, "programs", "new", age=50)
    assert cache.used(old)
    cache.trim(most_programs=1)
    assert (old.exists(), new.exists()) == (True, False)


def test_drafts_of_builders_that_were_killed_go(cache, tmp_path):
    cache.write("manifests", "key", "text")
    abandoned = tmp_path / "cache" / "drafts" / "abandoned"
    abandoned.mkdir()
    os.utime(abandoned, (0, 0))
    cache.trim()
    assert not abandoned.exists()


def test_a_cleared_cache_is_empty(cache):
    kept(cache, "engines", "key", size=1000)
    assert cache.size() == 1000
    cache.clear()
    assert cache.size() == 0


def test_only_one_builder_holds_a_lock(cache):
    order = []

    def build():
        with cache.locked("key"):
            order.append("second")

    with cache.locked("key"):
        other = threading.Thread(target=build)
        other.start()
        order.append("first")
    other.join()
    assert order == ["first", "second"]


def test_the_folder_can_be_named(monkeypatch, tmp_path):
    monkeypatch.setenv("FLUX_CACHE", str(tmp_path))
    assert cache_folder() == tmp_path


def test_the_folder_is_where_caches_are(monkeypatch, tmp_path):
    monkeypatch.delenv("FLUX_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "flux"


def test_a_relative_cache_folder_is_ignored_as_xdg_says(monkeypatch, tmp_path):
    monkeypatch.delenv("FLUX_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache_folder() == tmp_path / ".cache" / "flux"


def test_a_cache_may_be_used_by_its_owner_only(cache, tmp_path):
    cache.write("manifests", "key", "text")
    assert (tmp_path / "cache" / "manifests").stat().st_mode & 0o077 == 0


def test_a_cache_that_was_never_used_can_be_trimmed(tmp_path):
    Cache(tmp_path / "none").trim()

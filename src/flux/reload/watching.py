"""Watching files, by their folders: editors write another file and give it the old name."""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

from watchfiles import watch

BURST = 400  # milliseconds for which changes may go on before they are told
TICK = 100  # milliseconds after which it is told that nothing has changed


def watching(files: Callable[[], Collection[str]]) -> Iterator[bool]:
    """Tell again and again whether something may have changed, as often as it is asked.

    `files` says what is to be watched now. Who begins to watch may have missed a change, so the
    first answer is yes.
    """
    while True:
        known = files()
        folders = folders_of(known)
        anew = True
        for changes in watch(
            *folders,
            watch_filter=None,
            debounce=BURST,
            rust_timeout=TICK,
            yield_on_timeout=True,
            recursive=False,
        ):
            yield anew or bool(changes)
            anew = False
            if files() is not known or (changes and folders_of(known) != folders):
                break


def folders_of(files: Collection[str]) -> dict[str, int]:
    """The folders of files, and of what links among them lead to; each with its identity.

    A folder that was removed and made again is another one, which nobody watches yet.
    """
    paths = map(Path, files)
    folders = {folder for path in paths for folder in (path.parent, path.resolve().parent)}
    found = {}
    for folder in sorted(folders):
        with suppress(OSError):
            found[str(folder)] = folder.stat().st_ino
    return found

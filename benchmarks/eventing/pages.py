"""What is asked for: the texts that the program of Flux makes, kept as files for its peers."""

import urllib.request
from pathlib import Path

from measuring.builds import BUILD

SIZES = (1, 16, 100)  # KiB, and the names of the pages

FOLDER = BUILD / "replies-pages"
_TARGETS = BUILD / "replies-targets"


def keep(port: int) -> None:
    """Get each text from the program, for the files and to know what must come."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    _TARGETS.mkdir(exist_ok=True)
    for size in SIZES:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{size}") as reply:
            text = reply.read()
        assert len(text) == 1024 * size
        (FOLDER / str(size)).write_bytes(text)
        targets(size).write_text(f"/{size} {FOLDER / str(size)}\n")


def targets(size: int) -> Path:
    """The file that tells the load generator what to ask for, and what must come."""
    return _TARGETS / str(size)


def text(size: int) -> str:
    """A page."""
    return (FOLDER / str(size)).read_text()

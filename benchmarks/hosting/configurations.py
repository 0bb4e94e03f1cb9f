"""Configurations of peers: the texts in `peers/`, in which `@name` stands for what differs."""

from pathlib import Path
from string import Template

from measuring.builds import BUILD

PEERS = Path(__file__).parent / "peers"
HOMES = BUILD / "hosting"


class _Text(Template):
    delimiter = "@"  # `$` is for what these servers know themselves


def home(name: str) -> Path:
    """A folder for what a server keeps."""
    folder = HOMES / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def written(name: str, folder: Path, **values: object) -> Path:
    """The configuration of this name, for a server with that home; KeyError if a value lacks."""
    text = _Text((PEERS / name).read_text()).substitute(home=folder, **values)
    path = folder / name
    path.write_text(text)
    return path

"""The peers' own environment: what a peer needs is none of the project's dependencies."""

import subprocess
import sys
import venv
from importlib.metadata import distributions
from pathlib import Path

from measuring.builds import BUILD
from measuring.processes import Command

FOLDER = BUILD / "peers"
BIN = FOLDER / "bin"

_WANTED = Path(__file__).parent / "peers" / "requirements.txt"
_HAS = FOLDER / "requirements.txt"  # a copy of what was installed


def prepare() -> None:
    """Install the peers, unless just these have been."""
    if _HAS.exists() and _HAS.read_text() == _WANTED.read_text():
        return
    venv.create(FOLDER, with_pip=True, clear=True)
    install: Command = [
        BIN / "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        _WANTED,
    ]
    subprocess.run(install, check=True)
    _HAS.write_text(_WANTED.read_text())


def versions() -> dict[str, str]:
    """What is installed there, by name."""
    places = FOLDER.glob(f"lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages")
    found = distributions(path=[str(place) for place in places])
    return {each.name: each.version for each in sorted(found, key=lambda each: each.name)}

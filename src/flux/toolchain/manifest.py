"""Manifests: what built programs were made of, to be found again without compiling anything.

A manifest belongs to an order: a program in some place, its files of nodes, the flags, the
compilers. It names the binary and stamps every file that went into it: texts, headers, the
engine. If all are what they were, the binary is what would be built now.
"""

import json
import os
from pathlib import Path
from typing import NamedTuple

from flux.toolchain.compilers import Compilers
from flux.toolchain.stamps import Stamp, digest_of, unchanged
from flux.version import __version__


class Flags(NamedTuple):
    """What the user asks of the compilers, beyond what stands in the files."""

    cxxflags: tuple[str, ...] = ()
    ldflags: tuple[str, ...] = ()
    debug: bool = False
    sanitize: str | None = None


class Order(NamedTuple):
    """A program to be built: its place, the files that were named, and how it is compiled."""

    program: Path
    nodes: tuple[Path, ...]
    flags: Flags
    compilers: Compilers

    @property
    def key(self) -> str:
        """Equal where the same is to be built of files in the same places."""
        places = (os.path.abspath(path) for path in (self.program, *self.nodes))  # noqa: PTH100
        flags = json.dumps(self.flags)
        return digest_of(__version__, self.compilers.identity, flags, *places)


class Manifest(NamedTuple):
    """A built program: its binary, and on what it depends.

    `absent` are files that would have changed the outcome, had they been there. `warnings` is
    what was said about the program.
    """

    binary: str
    files: dict[str, Stamp]
    absent: tuple[str, ...]
    warnings: str

    def holds(self) -> bool:
        """Whether the binary is what would be built now."""
        return (
            os.access(self.binary, os.X_OK)
            and not any(map(os.path.lexists, self.absent))
            and unchanged(self.files)
        )


def recall(path: Path) -> Manifest | None:
    """The manifest in a file, if there is one that holds."""
    try:
        binary, files, absent, warnings = json.loads(path.read_bytes())
        stamps = {name: Stamp(*of_file) for name, of_file in files.items()}
        manifest = Manifest(binary, stamps, tuple(absent), warnings)
        return manifest if manifest.holds() else None
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def as_json(manifest: Manifest) -> str:
    """A manifest as its file holds it."""
    return json.dumps(manifest)

"""Compilers, linkers and make: run to their end, with all that they say."""

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

Tell = Callable[[str], None]

# A make that runs us would lend its own flags and its jobs to the one that we run.
_OF_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")


class BuildError(Exception):
    """Something can't be built: what a tool said, and, as the text, what that means."""

    def __init__(self, output: str, summary: str) -> None:
        super().__init__(summary)
        self.output = output


def run_tool(command: Sequence[str], folder: Path) -> "subprocess.CompletedProcess[str]":
    """Run a compiler or what is like one; all it says is its output.

    Raises:
        BuildError: There is no such program.
    """
    try:
        return subprocess.run(  # noqa: S603 - the user's compiler, with the user's flags
            command,
            cwd=folder,
            env={name: value for name, value in os.environ.items() if name not in _OF_MAKE},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError as error:
        raise BuildError("", f"there is no program {error.filename}") from None


def processors() -> int:
    """How many things may run at a time."""
    return os.cpu_count() or 1

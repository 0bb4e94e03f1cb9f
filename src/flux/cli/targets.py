"""Which target a program is for, and where its functions are."""

from collections.abc import Sequence
from pathlib import Path

import click

from flux.cli.argument import ProgramPath

# What files of nodes in C++ and C are called; other files are for Python.
NATIVE = (".cpp", ".cc", ".cxx", ".c")

# A program whose functions are looked for beside it, and their file: each must be one.
PROGRAM = ProgramPath(exists=True, dir_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _own_targets(_context: click.Context, _option: click.Parameter, begun: str) -> list[str]:
    """The targets that begin so, of those that come with Flux."""
    return [name for name in ("python", "cpp") if name.startswith(begun)]


# The options that commands share which need the functions of a program.
NODES = click.option(
    "--nodes",
    type=FILE,
    multiple=True,
    metavar="FILE",
    help="The file with the program's functions.  [default: server.py or server.cpp, beside "
    "server.flux]",
)
TARGET = click.option(
    "--target",
    metavar="NAME",
    shell_complete=_own_targets,
    help="python or cpp.  [default: python, unless the functions are in C++ or C only]",
)


def chosen_target(program: Path, nodes: Sequence[Path], target: str | None) -> str:
    """The target that was named, else the language of the files that were named or are there."""
    if target is not None:
        return target
    if nodes:
        return "cpp" if nodes[0].suffix in NATIVE else "python"
    if program.with_suffix(".py").is_file():
        return "python"
    native = any(program.with_suffix(suffix).is_file() for suffix in NATIVE)
    return "cpp" if native else "python"


def only_file(nodes: Sequence[Path], target: str) -> Path | None:
    """The file of nodes for a target that takes one."""
    if len(nodes) > 1:
        raise click.UsageError(f"the target {target} takes one --nodes file")
    return nodes[0] if nodes else None

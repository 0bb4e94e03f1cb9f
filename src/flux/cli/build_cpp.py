"""`flux build` for C++: a folder that plain make turns into a server."""

import shlex
from collections.abc import Sequence
from pathlib import Path

import click

from flux.bindings import cpp
from flux.cli.files import clear_errors, shown, write
from flux.cli.mistakes import Mistakes
from flux.cli.native import FailedBuild, recipe_of
from flux.cli.programs import add_stubs
from flux.diagnostics import Code
from flux.graph.model import ProgramGraph
from flux.plan.model import Plan
from flux.toolchain.makefile import makefile
from flux.toolchain.manifest import Flags
from flux.toolchain.process import BuildError, processors

# What keeps the files of nodes from being understood; other mistakes are for `flux check`.
UNREADABLE = {Code.NODES_FILE, Code.BAD_DIRECTIVE}


def build_cpp(
    graph: ProgramGraph, plan: Plan, files: Sequence[Path], output: Path, flags: Flags
) -> None:
    """Write a program with a Makefile, and tell how to run it."""
    try:
        texts = _texts(graph, plan, files, output, flags)
    except BuildError as error:
        raise FailedBuild(error) from None
    for name, text in texts.items():
        _write(output / name, text)
    _tell_how_to_run(output, Path(plan.name).stem)


def add_stubs_cpp(graph: ProgramGraph, files: Sequence[Path]) -> None:
    """Add the missing functions to the first file; what stands there stays as it is."""
    try:
        with clear_errors():
            missing = cpp.stubs(graph, files)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    for path, text in missing.items():
        add_stubs(path, text)


def _texts(
    graph: ProgramGraph, plan: Plan, files: Sequence[Path], output: Path, flags: Flags
) -> dict[str, str]:
    nodes = cpp.bind(graph, files)
    unreadable = [each for each in nodes.diagnostics if each.code in UNREADABLE]
    if unreadable and files[0].exists():
        raise Mistakes(unreadable)
    recipe = recipe_of(graph, plan, nodes, flags)
    return {**recipe.texts(), "Makefile": makefile(recipe, output)}


def _write(path: Path, text: str) -> None:
    """Write what has changed: make compiles what is newer."""
    with clear_errors(path):
        if path.is_file() and path.read_bytes() == text.encode():
            return
    write(path, text)
    click.echo(f"wrote {shown(path)}")


def _tell_how_to_run(output: Path, name: str) -> None:
    """A command for a shell, which looks for no program in the folder where it is."""
    folder, binary = shlex.quote(str(output)), shlex.quote(str(output / name))
    start = binary if "/" in binary else f"./{binary}"
    click.echo(f"run it: make -j{processors()} -C {shown(folder)} && {shown(start)}")

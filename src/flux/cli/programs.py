"""What all commands do with a program."""

from pathlib import Path

import click

from flux.backends import backend
from flux.cli.files import clear_errors, read, shown, write
from flux.cli.mistakes import Mistakes, show
from flux.driver import Compilation, compile_program
from flux.graph.model import ProgramGraph
from flux.plan.model import Plan


def compiled(path: Path) -> tuple[ProgramGraph, Plan]:
    """A program without errors, as a graph and as a plan; its warnings are shown.

    Raises:
        Mistakes: The program has errors.
    """
    compilation, plan = compilation_of(path)
    return compilation.graph, plan


def compilation_of(path: Path) -> tuple[Compilation, Plan]:
    """All that became of a program without errors, and its plan; its warnings are shown.

    Raises:
        Mistakes: The program has errors.
    """
    compilation = compile_program(read(path))
    if compilation.plan is None:
        raise Mistakes(compilation.diagnostics)
    show(compilation.diagnostics)
    return compilation, compilation.plan


def known_target(target: str | None) -> None:
    """Refuse a target that no back end has."""
    try:
        backend(target or "python")
    except LookupError as error:
        raise click.UsageError(str(error)) from None


def add_stubs(nodes: Path, missing: str) -> None:
    """Add functions to a nodes file; what stands there stays as it is."""
    with clear_errors():
        present = nodes.read_bytes().decode() if nodes.exists() else ""
    write(nodes, present + missing)
    click.echo(f"wrote stubs to {shown(nodes)}")

"""What all commands do with a program."""

from pathlib import Path

import click

from flux.cli.files import read
from flux.cli.mistakes import Mistakes, show
from flux.driver import compile_program
from flux.graph.model import ProgramGraph
from flux.plan.model import Plan

# What must be a file: a program whose functions are looked for beside it, and their file.
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

# The option that commands share which need the functions of a program.
NODES = click.option(
    "--nodes",
    type=FILE,
    metavar="FILE",
    help="The file with the program's functions.  [default: server.py beside server.flux]",
)


def compiled(path: Path) -> tuple[ProgramGraph, Plan]:
    """A program without errors, as a graph and as a plan; its warnings are shown.

    Raises:
        Mistakes: The program has errors.
    """
    compilation = compile_program(read(path))
    if compilation.plan is None:
        raise Mistakes(compilation.diagnostics)
    show(compilation.diagnostics)
    return compilation.graph, compilation.plan

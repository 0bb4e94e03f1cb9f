"""`flux run`."""

import sys
from pathlib import Path
from typing import Unpack

import click

from flux.api import LoadedProgram, ProgramError, ServerOptions
from flux.backends import backend
from flux.bindings import find_nodes_file
from flux.cli.files import read
from flux.cli.mistakes import Mistakes, show
from flux.cli.programs import FILE, NODES
from flux.driver import compile_program
from flux.runtime import MissingFunctions
from flux.runtime.server import MOST

COUNT = click.IntRange(1, MOST)


@click.command(epilog="Example: flux run server.flux --runtime pool --threads 8 -- --port 8080")
@click.argument("program", type=FILE)
@NODES
@click.option("--target", default="python", show_default=True, metavar="NAME")
@click.option(
    "--runtime",
    type=click.Choice(["thread", "pool"]),
    default="thread",
    show_default=True,
    help="A thread for each flow, or a pool of threads that share a queue.",
)
@click.option("--threads", type=COUNT, metavar="N", help="The size of the pool.")
@click.option(
    "--queue",
    type=COUNT,
    default=1024,
    show_default=True,
    metavar="N",
    help="Flows that may wait for it.",
)
@click.option("--max-flows", type=COUNT, metavar="N", help="Flows alive at a time.")
@click.option(
    "--drain",
    type=click.FloatRange(0),
    default=25,
    show_default=True,
    metavar="SECONDS",
    help="How long flows may take to finish when the server is stopped.",
)
@click.argument("args", nargs=-1)
def run(program: Path, nodes: Path | None, target: str, **options: Unpack[ServerOptions]) -> None:
    """Run the server of a PROGRAM; ARGS after `--` are for its functions.

    Mistakes keep it from running; warnings are shown.
    SIGTERM and SIGINT stop it: flows in flight finish first. Exits with 0, or with 4 if some
    were cut short.
    """
    compilation = compile_program(read(program))
    _check_target(target)
    if compilation.ok:
        show(compilation.diagnostics)
    place = nodes or find_nodes_file(program) or program.with_suffix(".py")
    try:
        server = LoadedProgram(compilation, place, target).server(**options)
    except ProgramError as error:
        raise Mistakes(error.diagnostics) from None
    except ValueError as error:  # what the options' types let through, as a drain of NaN seconds
        raise click.UsageError(str(error)) from None
    try:
        sys.exit(server.run())
    except MissingFunctions as error:  # where only running could tell
        raise click.ClickException(str(error)) from None


def _check_target(target: str) -> None:
    try:
        backend(target)
    except LookupError as error:
        raise click.UsageError(str(error)) from None

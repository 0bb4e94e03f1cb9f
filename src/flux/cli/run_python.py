"""`flux run` where this process is the server."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import click

from flux.api import LoadedProgram, ProgramError, ServerOptions
from flux.bindings import find_nodes_file
from flux.cli.files import read
from flux.cli.mistakes import Mistakes, show
from flux.cli.programs import known_target
from flux.driver import compile_program
from flux.runtime import MissingFunctions


def run_python(
    program: Path, nodes: Path | None, target: str, options: Mapping[str, object]
) -> int:
    """Compile and serve until a signal or the program's own end; the exit status."""
    compilation = compile_program(read(program))
    known_target(target)
    if compilation.ok:
        show(compilation.diagnostics)
    place = nodes or find_nodes_file(program) or program.with_suffix(".py")
    try:
        server = LoadedProgram(compilation, place, target).server(**cast("ServerOptions", options))
    except ProgramError as error:
        raise Mistakes(error.diagnostics) from None
    except ValueError as error:  # what the options' types let through, as a drain of NaN seconds
        raise click.UsageError(str(error)) from None
    try:
        return server.run()
    except MissingFunctions as error:  # where only running could tell
        raise click.ClickException(str(error)) from None

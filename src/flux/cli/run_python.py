"""`flux run` where this process is the server."""

import gc
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, cast

import click

from flux.api import LoadedProgram, ProgramError, ServerOptions
from flux.bindings import find_nodes_file
from flux.cli.files import read, shown
from flux.cli.mistakes import Mistakes, show
from flux.cli.profiling import NAMES
from flux.cli.programs import known_target
from flux.driver import compile_program
from flux.runtime import (
    MissingFunctions,
    ProfileError,
    ProfileOptions,
    Server,
    TraceError,
    TraceOptions,
)
from flux.runtime.tracing import EVERY
from flux.runtime.workers.worker import speaks_for_all


class FailedImport(click.ClickException):
    """A file of functions that raises while it is imported: where, and a line of ours."""

    def __init__(self, nodes: Path, error: BaseException, place: TracebackType | None) -> None:
        super().__init__(f"{shown(nodes)} can't be imported")
        self.trace = "".join(traceback.format_exception(type(error), error, place))

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the traceback as Python does, without what is ours."""
        click.echo(self.trace, err=True, nl=False)
        super().show(file)


def run_python(
    program: Path, nodes: Path | None, target: str, options: Mapping[str, Any], *, check: bool
) -> int:
    """Compile and serve until a signal or the program's own end; the exit status.

    If it is only to be checked, do all but serve.
    """
    server = _server(program, nodes, target, options, check=check)
    try:
        if check:
            server.check()
            return 0
        gc.freeze()  # what the compiler has made stays, so the collector need not go through it
        return server.run()
    except MissingFunctions as error:  # where only running could tell
        raise click.ClickException(str(error)) from None
    except (ProfileError, TraceError) as error:
        raise click.UsageError(str(error)) from None


def _server(
    program: Path, nodes: Path | None, target: str, options: Mapping[str, Any], *, check: bool
) -> Server:
    """The server of a program without errors; its warnings are shown when it is to serve."""
    compilation = compile_program(read(program))
    known_target(target)
    if compilation.ok and not check and speaks_for_all():
        show(compilation.diagnostics)
    served = {name: value for name, value in options.items() if name not in NAMES}
    served |= {"profile": _profile(options), "trace": _trace(options)}
    place = nodes or find_nodes_file(program) or program.with_suffix(".py")
    try:
        return LoadedProgram(compilation, place, target).server(**cast("ServerOptions", served))
    except ProgramError as error:
        raise Mistakes(error.diagnostics) from None
    except (Exception, SystemExit) as error:
        _tell_failed_import(place, error)
        if isinstance(error, ValueError):  # what options' types let through, as a drain of NaN
            raise click.UsageError(str(error)) from None
        raise


def _profile(options: Mapping[str, Any]) -> ProfileOptions:
    return ProfileOptions(
        on=options.get("profile", False),
        file=options.get("profile_file"),
        listen=options.get("profile_listen"),
        token_file=options.get("profile_token_file"),
    )


def _trace(options: Mapping[str, Any]) -> TraceOptions:
    return TraceOptions(options.get("trace"), options.get("trace_every", EVERY))


def _tell_failed_import(nodes: Path, error: BaseException) -> None:
    """Raise what is to be told of an error, if it comes from a file of functions."""
    place = error.__traceback__
    while place is not None:
        if Path(place.tb_frame.f_code.co_filename).resolve() == nodes.resolve():
            raise FailedImport(nodes, error, place) from None
        place = place.tb_next

"""`flux check`."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from flux.bindings import check_implementation, find_nodes_file
from flux.cli.files import READABLE, STANDARD, deliver, read
from flux.cli.mistakes import Mistakes, show
from flux.cli.programs import NODES
from flux.diagnostics import Diagnostic, Level
from flux.driver import Compilation, compile_program
from flux.plan.locks import lock_report
from flux.render import as_github, as_json

# The formats for programs are results; the text for people is an error message.
REPORTS: dict[str, Callable[[Sequence[Diagnostic]], str]] = {"json": as_json, "github": as_github}


@click.command(epilog="Example: flux check --locks image.flux")
@click.argument("files", nargs=-1, required=True, type=READABLE)
@NODES
@click.option("--locks", is_flag=True, help="Show where constraints are taken, and in which order.")
@click.option("--werror", is_flag=True, help="Let warnings fail, too.")
@click.option("--format", "form", type=click.Choice(["text", *REPORTS]), default="text")
def check(
    files: Sequence[Path], nodes: Path | None, form: str, *, locks: bool, werror: bool
) -> None:
    """Find the mistakes in programs, and in the Python files that implement them.

    All mistakes of all FILES are found in one run; `-` is the standard input. Exits with 1 if
    there are any.
    """
    found: list[Diagnostic] = []
    for path in files:
        diagnostics, report = _checked(path, nodes)
        found.extend(diagnostics)
        if locks:
            click.echo(report, nl=False, err=form in REPORTS)
    if form in REPORTS:
        deliver(REPORTS[form](found), None)
    else:
        show(found)
    if any(werror or diagnostic.level is Level.ERROR for diagnostic in found):
        sys.exit(Mistakes.exit_code)


def _checked(path: Path, nodes: Path | None) -> tuple[Sequence[Diagnostic], str]:
    """What is wrong with a program and its functions, and the report of its locks."""
    try:
        compilation = compile_program(read(path))
    except Mistakes as mistakes:
        return mistakes.diagnostics, ""
    report = lock_report(compilation.plan) if compilation.plan else ""
    return [*compilation.diagnostics, *_wrong_functions(compilation, path, nodes)], report


def _wrong_functions(
    compilation: Compilation, path: Path, nodes: Path | None
) -> Sequence[Diagnostic]:
    """What is wrong with the functions of a right program, if it has any yet."""
    if nodes is None and path != STANDARD:
        nodes = find_nodes_file(path)
    if nodes is None or not compilation.ok:
        return ()
    return check_implementation(compilation.graph, nodes)

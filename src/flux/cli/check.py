"""`flux check`."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from flux.bindings import check_implementation, cpp, find_nodes_file
from flux.cli.files import READABLE, STANDARD, deliver, read
from flux.cli.mistakes import Mistakes, show
from flux.cli.programs import known_target
from flux.cli.targets import NODES, TARGET, chosen_target, only_file
from flux.diagnostics import Diagnostic, Level
from flux.driver import compile_program
from flux.graph.model import ProgramGraph
from flux.graph.workers import per_worker
from flux.plan.locks import lock_report
from flux.render import as_github, as_json

# The formats for programs are results; the text for people is an error message.
REPORTS: dict[str, Callable[[Sequence[Diagnostic]], str]] = {"json": as_json, "github": as_github}


@click.command(epilog="Example: flux check --locks image.flux")
@click.argument("files", nargs=-1, required=True, type=READABLE)
@NODES
@TARGET
@click.option("--locks", is_flag=True, help="Show where constraints are taken, and in which order.")
@click.option("--workers", is_flag=True, help="Warn of what holds only within one worker.")
@click.option("--werror", is_flag=True, help="Let warnings fail, too.")
@click.option("--format", "form", type=click.Choice(["text", *REPORTS]), default="text")
def check(  # noqa: PLR0913 - click hands over each option
    files: Sequence[Path],
    nodes: tuple[Path, ...],
    target: str | None,
    form: str,
    *,
    locks: bool,
    workers: bool,
    werror: bool,
) -> None:
    """Find the mistakes in programs, and in the files that implement them.

    All mistakes of all FILES are found in one run; `-` is the standard input. Exits with 1 if
    there are any. Without --target, the functions of all languages that are there are checked.
    """
    known_target(target)
    found: list[Diagnostic] = []
    for path in files:
        diagnostics, report = _checked(path, nodes, target, workers=workers)
        found.extend(diagnostics)
        if locks:
            click.echo(report, nl=False, err=form in REPORTS)
    if form in REPORTS:
        deliver(REPORTS[form](found), None)
    else:
        show(found)
    if any(werror or diagnostic.level is Level.ERROR for diagnostic in found):
        sys.exit(Mistakes.exit_code)


def _checked(
    path: Path, nodes: tuple[Path, ...], target: str | None, *, workers: bool
) -> tuple[Sequence[Diagnostic], str]:
    """What is wrong with a program and its functions, and the report of its locks."""
    try:
        compilation = compile_program(read(path))
    except Mistakes as mistakes:
        return mistakes.diagnostics, ""
    report = lock_report(compilation.plan) if compilation.plan else ""
    found = list(compilation.diagnostics)
    if workers and compilation.ok:
        found += per_worker(compilation.graph)
    if compilation.ok:  # what is wrong with a wrong program's functions can't be told
        for each in _targets(path, nodes, target):
            found += _wrong_functions(compilation.graph, path, nodes, each)
    return found, report


def _targets(path: Path, nodes: tuple[Path, ...], target: str | None) -> Iterator[str]:
    """The target that is meant, or all that a program has functions for."""
    if nodes or target:
        yield chosen_target(path, nodes, target)
    else:
        yield from ("python", "cpp")


def _wrong_functions(
    graph: ProgramGraph, path: Path, nodes: tuple[Path, ...], target: str
) -> Sequence[Diagnostic]:
    """What is wrong with the functions for a target, if there are any yet."""
    beside = None if path == STANDARD else path
    if target == "cpp":
        sources = nodes or (cpp.find_nodes_files(beside) if beside else ())
        return cpp.check_implementation(graph, sources) if sources else ()
    file = only_file(nodes, target) or (find_nodes_file(beside) if beside else None)
    return check_implementation(graph, file) if file and target == "python" else ()

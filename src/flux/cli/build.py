"""`flux build`."""

import shlex
from pathlib import Path
from typing import Any

import click

from flux.bindings import stubs
from flux.cli.build_cpp import add_stubs_cpp, build_cpp
from flux.cli.files import clear_errors, shown, write
from flux.cli.flags import compiler_options, flags_of
from flux.cli.native import nodes_files
from flux.cli.programs import add_stubs, compiled, known_target
from flux.cli.targets import NODES, PROGRAM, TARGET, chosen_target, only_file
from flux.driver import generate
from flux.graph.model import ProgramGraph
from flux.plan.model import Plan


@click.command(epilog="Example: flux build image.flux -o build")
@click.argument("program", type=PROGRAM)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default="build",
    show_default=True,
    metavar="DIR",
    help="Where to write the generated program.",
)
@TARGET
@NODES
@compiler_options
@click.option("--no-stubs", is_flag=True, help="Leave the files with the functions alone.")
def build(
    program: Path,
    output: Path,
    target: str | None,
    nodes: tuple[Path, ...],
    *,
    no_stubs: bool,
    **options: Any,  # noqa: ANN401 - of many types
) -> None:
    """Write the generated program of PROGRAM, and stubs of the functions that it lacks."""
    chosen = chosen_target(program, nodes, target)
    flags = flags_of(options, chosen)
    known_target(chosen)
    graph, plan = compiled(program)
    with clear_errors():
        output.mkdir(parents=True, exist_ok=True)
    if chosen == "cpp":
        files = nodes_files(program, nodes)
        if not no_stubs:
            add_stubs_cpp(graph, files)
        build_cpp(graph, plan, files, output, flags)
        return
    functions = only_file(nodes, chosen) or program.with_suffix(".py")
    main = _write_program(plan, chosen, output)
    if not no_stubs:
        _add_stubs(graph, functions)
    if chosen == "python":
        command = shlex.join([str(main), "--nodes", str(functions)])
        click.echo(f"run it: python -m flux.runtime {shown(command)}")


def _write_program(plan: Plan, target: str, output: Path) -> Path:
    """Write the files of a program; the one that starts it."""
    artifact = generate(plan, target)
    for name, text in artifact.files.items():
        write(output / name, text)
        click.echo(f"wrote {shown(output / name)}")
    return output / artifact.main


def _add_stubs(graph: ProgramGraph, nodes: Path) -> None:
    """Add the missing functions to the nodes file; what stands there stays as it is."""
    try:
        with clear_errors():
            missing = stubs(graph, nodes)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if missing:
        add_stubs(nodes, missing)

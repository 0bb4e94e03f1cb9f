"""`flux build`."""

import shlex
from pathlib import Path

import click

from flux.bindings import stubs
from flux.cli.files import clear_errors, shown, write
from flux.cli.programs import FILE, NODES, compiled
from flux.driver import generate
from flux.graph.model import ProgramGraph


@click.command(epilog="Example: flux build image.flux -o build")
@click.argument("program", type=FILE)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default="build",
    show_default=True,
    metavar="DIR",
    help="Where to write the generated program.",
)
@click.option("--target", default="python", show_default=True, metavar="NAME")
@NODES
@click.option("--no-stubs", is_flag=True, help="Leave the file with the functions alone.")
def build(program: Path, output: Path, target: str, nodes: Path | None, *, no_stubs: bool) -> None:
    """Write the generated program of PROGRAM, and stubs of the functions that it lacks."""
    graph, plan = compiled(program)
    try:
        artifact = generate(plan, target)
    except LookupError as error:
        raise click.UsageError(str(error)) from None
    with clear_errors():
        output.mkdir(parents=True, exist_ok=True)
    for name, text in artifact.files.items():
        write(output / name, text)
        click.echo(f"wrote {shown(output / name)}")
    functions = nodes or program.with_suffix(".py")
    if not no_stubs:
        _add_stubs(graph, functions)
    if target == "python":
        command = shlex.join([str(output / artifact.main), "--nodes", str(functions)])
        click.echo(f"run it: python -m flux.runtime {shown(command)}")


def _add_stubs(graph: ProgramGraph, nodes: Path) -> None:
    """Add the missing functions to the nodes file; what stands there stays as it is."""
    try:
        with clear_errors():
            missing = stubs(graph, nodes)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    if not missing:
        return
    with clear_errors():
        present = nodes.read_bytes().decode() if nodes.exists() else ""
    write(nodes, present + missing)
    click.echo(f"wrote stubs to {shown(nodes)}")

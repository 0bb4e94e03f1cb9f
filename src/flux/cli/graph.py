"""`flux graph`."""

from pathlib import Path

import click

from flux.cli.files import OUTPUT, READABLE, STANDARD, deliver
from flux.cli.programs import compiled
from flux.graph.draw import TooLargeToDrawError, as_dot, as_mermaid
from flux.graph.model import ProgramGraph

FORMS = ("dot", "mermaid", "svg")


@click.command(epilog="Example: flux graph image.flux --format svg -o image.svg")
@click.argument("program", type=READABLE)
@click.option("--format", "form", type=click.Choice(FORMS), default="dot", show_default=True)
@OUTPUT
def graph(program: Path, form: str, output: Path | None) -> None:
    """Draw a program as SVG, or for Graphviz or Mermaid."""
    drawn, _ = compiled(program)
    try:
        picture = _picture(drawn, program, form)
    except TooLargeToDrawError as error:
        raise click.ClickException(str(error)) from None
    deliver(picture, output)


def _picture(drawn: ProgramGraph, program: Path, form: str) -> str:
    if form == "svg":
        from flux.picture.svg import as_svg  # noqa: PLC0415 -- only pictures need it

        return as_svg(drawn, "<stdin>" if program == STANDARD else program.name)
    return as_mermaid(drawn) if form == "mermaid" else as_dot(drawn)

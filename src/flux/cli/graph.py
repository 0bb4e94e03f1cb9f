"""`flux graph`."""

from pathlib import Path

import click

from flux.cli.files import OUTPUT, READABLE, deliver
from flux.cli.programs import compiled
from flux.graph.draw import TooLargeToDrawError, as_dot, as_mermaid

FORMS = {"dot": as_dot, "mermaid": as_mermaid}


@click.command(epilog="Example: flux graph image.flux | dot -Tsvg > image.svg")
@click.argument("program", type=READABLE)
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="dot", show_default=True)
@OUTPUT
def graph(program: Path, form: str, output: Path | None) -> None:
    """Draw a program for Graphviz or Mermaid."""
    drawn, _ = compiled(program)
    try:
        picture = FORMS[form](drawn)
    except TooLargeToDrawError as error:
        raise click.ClickException(str(error)) from None
    deliver(picture, output)

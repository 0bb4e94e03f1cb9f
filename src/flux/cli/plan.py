"""`flux plan`."""

from pathlib import Path

import click

from flux.cli.files import OUTPUT, READABLE, deliver
from flux.cli.programs import compiled
from flux.plan import contract, dump

FORMS = {"text": dump.as_text, "json": contract.as_json}


@click.command(epilog="Example: flux plan image.flux")
@click.argument("program", type=READABLE)
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="text", show_default=True)
@OUTPUT
def plan(program: Path, form: str, output: Path | None) -> None:
    """Show the routines of a program, and where constraints are taken.

    The JSON form is the contract of the back ends: complete, and with a version.
    """
    _, lowered = compiled(program)
    deliver(FORMS[form](lowered), output)

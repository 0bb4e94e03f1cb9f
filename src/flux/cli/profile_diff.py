"""`flux profile diff`."""

from pathlib import Path

import click
import msgspec

from flux.cli.files import OUTPUT, deliver
from flux.cli.profiles import BY, LIMIT, TOKEN_FILE, painter, taken, width
from flux.profile.comparison import compared
from flux.profile.comparison_text import Side, as_text
from flux.profile.ranking import By


@click.command(epilog="Example: flux profile diff before.profile.json after.profile.json")
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@BY
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@LIMIT
@TOKEN_FILE
@OUTPUT
def diff(  # noqa: PLR0913, PLR0917 - its options
    before: str,
    after: str,
    by: By,
    form: str,
    limit: int,
    token_file: Path | None,
    output: Path | None,
) -> None:
    """Show what got slower or faster from profile A to profile B; each is a file or an address.

    What is compared is what one flow, call or taking costs, so the profiles needn't be equally
    long. Changes that may be chance come last, marked with a tilde.
    """
    sides = Side(before, taken(before, token_file)), Side(after, taken(after, token_file))
    comparison = compared(sides[0].profile, sides[1].profile, by)
    if form == "json":
        deliver(msgspec.json.format(msgspec.json.encode(comparison), indent=1) + b"\n", output)
    else:
        deliver(as_text(comparison, sides, limit, width(), painter(output)), output)

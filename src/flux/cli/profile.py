"""`flux profile`."""

import shutil
import sys
from pathlib import Path

import click

from flux.cli.files import OUTPUT, deliver
from flux.cli.mistakes import colors_are_wanted
from flux.cli.profiles import BY, LIMIT, TOKEN_FILE, taken
from flux.profile.ranking import By
from flux.profile.text import as_text
from flux.render.paint import Paint, colored, plain


@click.command(epilog="Example: flux profile 127.0.0.1:9100 --for 10s --by cpu")
@click.argument("origin", metavar="ADDRESS_OR_FILE")
@BY
@LIMIT
@TOKEN_FILE
@OUTPUT
def profile(origin: str, by: By, limit: int, token_file: Path | None, output: Path | None) -> None:
    """Show where a server's time goes."""
    text = as_text(taken(origin, token_file), by, limit, _width(), _paint(output))
    deliver(text, output)


def _width() -> int:
    return shutil.get_terminal_size().columns


def _paint(output: Path | None) -> Paint:
    return colored if output is None and colors_are_wanted(sys.stdout) else plain

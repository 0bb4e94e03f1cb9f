"""What the commands read beside code, with an error that is a sentence."""

from pathlib import Path

import click

from flux import resources


def folder(name: str) -> Path:
    """A folder such as `docs/errors`."""
    try:
        return resources.folder(name)
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from None

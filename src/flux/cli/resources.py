"""What the commands read beside code: pages of the documentation, templates, examples."""

from pathlib import Path

import click

PACKAGE = Path(__file__).parent.parent

# An installed package carries them; in a checkout they stand where readers look for them.
ROOTS = (PACKAGE, PACKAGE.parent.parent)


def folder(name: str) -> Path:
    """A folder such as `docs/errors`."""
    for root in ROOTS:
        if (root / name).is_dir():
            return root / name
    raise click.ClickException(f"this installation of flux lacks its folder {name}")

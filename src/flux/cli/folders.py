"""Folders that files are to be written to."""

from pathlib import Path

import click


def refuse_lost(file: Path | None) -> None:
    """Tell before the work, not after it, that its result has no place.

    Raises:
        click.UsageError: The file's folder isn't there.
    """
    if file is None or file.parent.is_dir():
        return
    from flux.cli.files import shown  # noqa: PLC0415 - programs that are built start without it

    raise click.UsageError(f"there is no folder {shown(file.parent)} to write to")

"""`flux new`."""

import shlex
import shutil
from pathlib import Path

import click

from flux.cli.files import clear_errors, shown
from flux.cli.resources import folder

# Where the projects come from, and what to run in them.
TEMPLATES = {
    "web": ("templates/web", "flux run server.flux"),
    "image": ("examples/image", "python samples.py && flux run image.flux"),
    "empty": ("templates/empty", "flux run program.flux"),
}

# What running an example leaves behind, and the part of it that is about this repository.
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "build", "pictures", "*.pyc", "demo.py")


@click.command(epilog="Example: flux new web hello")
@click.argument("template", type=click.Choice(list(TEMPLATES)))
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def new(template: str, directory: Path) -> None:
    """Start a project that runs at once, in a DIRECTORY that is empty or not there yet.

    web is a small web server, image the image server of the paper, empty the smallest
    program that does something.
    """
    origin, command = TEMPLATES[template]
    with clear_errors():
        if directory.exists() and any(directory.iterdir()):
            raise click.UsageError(f"{shown(directory)} is not empty")
        shutil.copytree(folder(origin), directory, ignore=NOT_COPIED, dirs_exist_ok=True)
    click.echo(f"Made {shown(directory)}. Next:")
    click.echo(f"  cd {shown(shlex.quote(str(directory)))}\n  {command}")

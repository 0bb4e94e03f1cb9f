"""`flux fmt`."""

import difflib
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import click

from flux.cli.files import READABLE, STANDARD, deliver, read, shown, write
from flux.cli.mistakes import Mistakes
from flux.diagnostics import Level
from flux.source import SourceFile
from flux.syntax.format import format_program
from flux.syntax.parse import parse

NO_END = "\\ No newline at end of file"


@click.command(epilog="Example: flux fmt --diff image.flux")
@click.argument("files", nargs=-1, required=True, type=READABLE)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
def fmt(files: Sequence[Path], *, check: bool, diff: bool) -> None:
    """Lay programs out in the paper's form.

    FILES are rewritten in place; `-` copies the standard input to the standard output. A
    program with mistakes in its text stays as it is, and the command exits with 1.
    """
    outcomes = [_laid_out(path, check=check, diff=diff) for path in files]
    if not all(outcomes):
        sys.exit(Mistakes.exit_code)


def _laid_out(path: Path, *, check: bool, diff: bool) -> bool:
    """Lay a file out, or tell what would be done; whether all is well."""
    try:
        file = read(path)
        text = _form_of(file)
    except Mistakes as mistakes:
        mistakes.show()
        return False
    changed = text != file.text
    if diff:
        deliver(_difference(file, text), None)
    if check and changed:
        click.echo(f"would change {shown(file.name)}", err=True)
    if not (check or diff):
        _keep(text, path, changed=changed)
    return not (check and changed)


def _keep(text: str, path: Path, *, changed: bool) -> None:
    """Print the text if `fmt` is a filter, else replace the file's."""
    if path == STANDARD:
        deliver(text, path)
    elif changed:
        write(path, text)
        click.echo(f"changed {shown(path)}", err=True)


def _form_of(file: SourceFile) -> str:
    """The text of a program in the paper's form.

    Raises:
        Mistakes: It isn't understood.
    """
    program, diagnostics = parse(file)
    if any(diagnostic.level is Level.ERROR for diagnostic in diagnostics):
        raise Mistakes(diagnostics)
    return format_program(program)


def _difference(file: SourceFile, text: str) -> str:
    """What would change, for `patch`."""
    before, after = StringIO(file.text).readlines(), StringIO(text).readlines()
    lines = difflib.unified_diff(before, after, file.name, file.name)
    return "".join(line if line.endswith("\n") else f"{line}\n{NO_END}\n" for line in lines)

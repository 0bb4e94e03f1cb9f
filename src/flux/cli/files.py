"""Files in, files out: never half a file, and an error that is a sentence."""

import codecs
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from flux.cli.argument import ProgramPath
from flux.cli.mistakes import Mistakes
from flux.diagnostics import Code, Diagnostic, Label
from flux.render.characters import clean
from flux.runtime.writing import write_whole
from flux.source import SourceFile, Span

# Enough bytes for every text that the parser accepts; what is longer, it rejects as it is.
MOST_BYTES = 1 << 24

# The standard input or output, as a path.
STANDARD = Path("-")

# Programs to read: a folder or a file that isn't there is a mistake of usage.
READABLE = ProgramPath(exists=True, dir_okay=False, readable=True, allow_dash=True, path_type=Path)


# Where to write a result.
OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write to a file.  [default: the standard output]",
)


class FileTrouble(click.ClickException):
    """A file that can't be read or written: no mistake in a program."""

    exit_code = 2


@contextmanager
def clear_errors(path: Path | None = None) -> Iterator[None]:
    """Tell what went wrong with a file instead of showing where in our code it did."""
    try:
        yield
    except BrokenPipeError:  # the reader has seen enough
        raise
    except OSError as error:
        name = shown(path or error.filename or "file")
        raise FileTrouble(f"{name}: {error.strerror or error}") from error


def shown(path: Path | str) -> str:
    """A path as it may stand in a message: any bytes are a name, but not all are text."""
    return clean(click.format_filename(path))


def read(path: Path) -> SourceFile:
    """The program text of a file, or of the standard input for `-`.

    Raises:
        Mistakes: The file is no UTF-8.
    """
    with clear_errors():
        if path == STANDARD:
            return decoded("<stdin>", sys.stdin.buffer.read(MOST_BYTES + 1))
        with path.open("rb") as file:
            return decoded(click.format_filename(path), file.read(MOST_BYTES + 1))


def decoded(name: str, data: bytes) -> SourceFile:
    """The text of some bytes.

    Raises:
        Mistakes: They are no UTF-8.
    """
    # A longer file may have been cut inside a character: that one isn't missed.
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        return SourceFile(name, decoder.decode(data, final=len(data) <= MOST_BYTES))
    except UnicodeDecodeError as error:
        raise Mistakes([_not_text(name, data, error.start)]) from None


def _not_text(name: str, data: bytes, place: int) -> Diagnostic:
    """What is to be said about bytes that are no UTF-8 from some place on."""
    file = SourceFile(name, data[:MOST_BYTES].decode(errors="replace"))
    start = len(data[:place].decode())
    return Diagnostic(
        Code.NOT_TEXT,
        "this file is no UTF-8 text",
        Label(Span(file, start, start + 1), f"byte {place} is 0x{data[place]:02x}"),
        help="save the file as UTF-8",
    )


def deliver(result: str | bytes, path: Path | None) -> None:
    """Write a result to a file, or print it."""
    if path is None or path == STANDARD:
        with clear_errors(Path("standard output")):
            click.echo(result, nl=isinstance(result, str) and result[-1:] not in ("", "\n"))
    else:
        write(path, result)


def write(path: Path, result: str | bytes) -> None:
    """Write a whole file or nothing."""
    with clear_errors(path):
        write_whole(path, result.encode() if isinstance(result, str) else result)

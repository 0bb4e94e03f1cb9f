"""What the commands that read profiles have in common: where from, and by which measure."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from flux.cli.files import STANDARD, clear_errors, shown
from flux.cli.mistakes import colors_are_wanted
from flux.profile.client import Server, parsed_address
from flux.profile.errors import ProfileError
from flux.profile.model import Profile
from flux.profile.ranking import MEASURES
from flux.profile.reading import MOST_BYTES, read_profile
from flux.render.characters import clean
from flux.render.paint import Paint, colored, plain

MOST_TOKEN = 4096


class ProfileTrouble(click.ClickException):
    """A profile that can't be had, or can't be shown."""

    exit_code = 2


BY = click.option(
    "--by",
    type=click.Choice(MEASURES),
    default="time",
    show_default=True,
    help="What comes first: what takes the most time, happens most often, uses the processor most,"
    " or waits longest.",
)
LIMIT = click.option(
    "--limit",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    metavar="N",
    help="How many rows each view shows.",
)
TOKEN_FILE = click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The secret that the server's --profile-token-file holds.",
)


def taken(origin: str, token_file: Path | None) -> Profile:
    """The profile in a file, or that which a server has so far."""
    if is_file(origin):
        return _from_file(Path(origin))
    server = server_at(origin, token_file)
    with plain_errors():
        return _ever_on(server.profile(), origin)


def refuse_repeated(origins: Sequence[str]) -> None:
    """Count nothing twice.

    Raises:
        click.UsageError: One is named again.
    """
    places = [os.path.realpath(each) if is_file(each) else each for each in origins]
    for number, origin in enumerate(origins):
        if places[number] in places[:number]:
            raise click.UsageError(f"{clean(origin)} is named twice")


def is_file(origin: str) -> bool:
    """Whether an argument means a file, or the standard input, and not an address.

    Raises:
        click.UsageError: It is a socket's file.
    """
    path = Path(origin)
    with clear_errors(path):
        if path.is_socket():
            raise click.UsageError(f"{shown(path)} is a socket: its address is unix:{shown(path)}")
        return path == STANDARD or path.exists()


def server_at(origin: str, token_file: Path | None) -> Server:
    """The server at an address.

    Raises:
        click.UsageError: The text is no address.
    """
    address = parsed_address(origin)
    if address is None:
        raise click.UsageError(
            f"{clean(origin)} is neither a file nor an address: addresses look like"
            " 127.0.0.1:9100, [::1]:9100 or unix:/run/image.sock"
        )
    with plain_errors():
        return Server(address, _token(token_file))


@contextmanager
def plain_errors() -> Iterator[None]:
    """Tell why there is no profile, instead of showing where in our code that was found."""
    try:
        yield
    except ProfileError as error:
        raise ProfileTrouble(clean(str(error))) from None


@contextmanager
def orderly() -> Iterator[None]:
    """Let signals end the command as an exception does, so that nothing is left turned on."""
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


def width() -> int:
    """How many columns the terminal has, or COLUMNS says."""
    return shutil.get_terminal_size().columns


def painter(output: Path | None = None) -> Paint:
    """Colours for a terminal only."""
    return colored if output is None and colors_are_wanted(sys.stdout) else plain


def _from_file(path: Path) -> Profile:
    with clear_errors(path), plain_errors():
        if path == STANDARD:
            return read_profile(sys.stdin.buffer.read(MOST_BYTES + 1), "the standard input")
        with path.open("rb") as file:
            return read_profile(file.read(MOST_BYTES + 1), shown(path))


def _ever_on(profile: Profile, origin: str) -> Profile:
    """The profile, if there is anything in it to see.

    Raises:
        ProfileError: It was never turned on.
    """
    if profile.began is None:
        raise ProfileError(
            f"the server at {origin} has never been profiled: `flux profile {origin} --for 10s`"
            " does so now, and `flux run --profile` from the start"
        )
    return profile


def _token(path: Path | None) -> str | None:
    if path is None:
        return None
    with clear_errors(path), path.open("rb") as file:
        return file.read(MOST_TOKEN).decode("latin-1").strip()

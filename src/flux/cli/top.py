"""`flux top`."""

import os
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import click

from flux.cli.durations import Duration
from flux.cli.files import deliver
from flux.cli.profiles import (
    BY,
    TOKEN_FILE,
    ProfileTrouble,
    orderly,
    painter,
    plain_errors,
    refuse_repeated,
    server_at,
    width,
)
from flux.profile.live import seen
from flux.profile.ranking import By
from flux.profile.watching import Watch, WatchOfWorkers

ROWS = 5


@click.command(epilog="Example: flux top 127.0.0.1:9100 --every 2s --by wait")
@click.argument("addresses", metavar="ADDRESS...", nargs=-1, required=True)
@click.option(
    "--every",
    type=Duration("100ms", "1h"),
    default="1s",
    show_default=True,
    metavar="DURATION",
    help="How long an interval is.",
)
@click.option("--count", type=click.IntRange(1), metavar="N", help="End after so many intervals.")
@BY
@TOKEN_FILE
def top(
    addresses: tuple[str, ...], every: float, count: int | None, by: By, token_file: Path | None
) -> None:
    """Watch where a server's time goes: hot paths, nodes, constraints and the flows that live.

    Each view is of the last interval. On a terminal q or Ctrl-C ends it; elsewhere the views are
    printed one below the other. The profile is turned on if it is off, and off again at the end.
    A server's workers are shown as one.
    """
    refuse_repeated(addresses)
    has_screen = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    show = _on_screen if has_screen else _printed
    watch = WatchOfWorkers([Watch(server_at(each, token_file)) for each in addresses])
    with orderly(), closing(watch), suppress(KeyboardInterrupt):
        with plain_errors():
            watch.begin()
        show(watch, every, count, by)


def _printed(watch: WatchOfWorkers, every: float, count: int | None, by: By) -> None:
    """Print each view."""
    while count is None or count > 0:
        time.sleep(every)
        lines = seen(watch.look(), by, ROWS, width(), painter())
        deliver("\n".join([*lines, "", ""]), None)
        count = count and count - 1


def _on_screen(watch: WatchOfWorkers, every: float, count: int | None, by: By) -> None:
    """Show each view in the place of the one before."""
    try:
        from flux.cli.screen import show  # noqa: PLC0415 - it needs rich
    except ImportError:
        raise ProfileTrouble(
            "a live view needs rich: `pip install 'flux-servers[terminal]'`; without it"
            " `flux top ADDRESS | cat` prints one view below the other"
        ) from None
    show(watch, every, count, by)

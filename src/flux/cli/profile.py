"""`flux profile`."""

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from flux.cli.durations import Duration
from flux.cli.files import OUTPUT, STANDARD, deliver
from flux.cli.folders import refuse_lost
from flux.cli.profiles import (
    BY,
    LIMIT,
    TOKEN_FILE,
    is_file,
    orderly,
    painter,
    plain_errors,
    refuse_repeated,
    server_at,
    taken,
    width,
)
from flux.profile.formats import FORMATS
from flux.profile.measuring import measured
from flux.profile.model import Profile
from flux.profile.pooling import of_workers
from flux.profile.ranking import By
from flux.profile.text import as_text

TICK = 0.1


class _ProfileCommand(click.Command):
    """`flux profile diff A B` is a command of its own; all else is this one."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> click.Context:
        """The context of whichever is meant."""
        if args[:1] != ["diff"]:
            return super().make_context(info_name, args, parent, **extra)
        from flux.cli.profile_diff import diff  # noqa: PLC0415 - only if it is used

        return diff.make_context(f"{info_name} diff", args[1:], parent, **extra)


@click.command(cls=_ProfileCommand, epilog="Example: flux profile 127.0.0.1:9100 --for 10s")
@click.argument("origins", metavar="ADDRESS_OR_FILE...", nargs=-1, required=True)
@click.option(
    "--for",
    "seconds",
    type=Duration("10ms", "24h"),
    metavar="DURATION",
    help="Show what happens from now on for so long, such as 10s or 2m.",
)
@BY
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", *FORMATS]),
    default="text",
    show_default=True,
    help="For people; for `flux profile` and programs; for speedscope.app, `go tool pprof`,"
    " flamegraph.pl.",
)
@LIMIT
@TOKEN_FILE
@OUTPUT
def profile(  # noqa: PLR0913, PLR0917 - its options
    origins: tuple[str, ...],
    seconds: float | None,
    by: By,
    form: str,
    limit: int,
    token_file: Path | None,
    output: Path | None,
) -> None:
    """Show where a server's time goes: hot paths, nodes, constraints, cases.

    The profile is in a file, or is that of a server which runs with --profile-listen. With --for
    it is turned on for so long if it is off; Ctrl-C shows what there is so far. Several profiles,
    as of a server's workers, are shown as one.

    `flux profile diff A B` compares two profiles.
    """
    _refuse_binary(form, output)
    refuse_lost(output)
    refuse_repeated(origins)
    found = _found(origins, token_file, seconds)
    if form == "text":
        deliver(as_text(found, by, limit, width(), painter(output)), output)
    else:
        deliver(FORMATS[form](found, by), output)


def _refuse_binary(form: str, output: Path | None) -> None:
    """Keep what is no text from a terminal."""
    if form == "pprof" and output in (None, STANDARD) and sys.stdout.isatty():
        raise click.UsageError("pprof's format is no text: say where to with -o image.pb.gz")


def _found(origins: Sequence[str], token_file: Path | None, seconds: float | None) -> Profile:
    """The profiles of all as one."""
    if seconds is None:
        profiles = [taken(each, token_file) for each in origins]
    else:
        profiles = _measured(origins, token_file, seconds)
    with plain_errors():
        return of_workers(profiles, origins)


def _measured(origins: Sequence[str], token_file: Path | None, seconds: float) -> list[Profile]:
    for origin in origins:
        if is_file(origin):
            raise click.UsageError(f"--for is for servers, and {origin} is a file")
    servers = [server_at(each, token_file) for each in origins]
    with plain_errors(), orderly():
        return measured(servers, lambda: _wait(seconds))


def _wait(seconds: float) -> None:
    """Wait, and show on a terminal for how long yet."""
    if not sys.stderr.isatty():
        time.sleep(seconds)
        return
    ticks = max(round(seconds / TICK), 1)
    with click.progressbar(range(ticks), label="profiling", file=sys.stderr) as bar:
        for _ in bar:
            time.sleep(seconds / ticks)

"""The options that say how a server is profiled and traced; all targets have the same.

The contracts are docs/profile.md and docs/traces.md.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from flux.cli.folders import refuse_lost

NAMES = (
    "profile",
    "profile_file",
    "profile_listen",
    "profile_token_file",
    "trace",
    "trace_every",
)

FILE = click.Path(dir_okay=False, exists=False)
SECRET = click.Path(dir_okay=False, exists=True)
EVERY = click.IntRange(1, 1_000_000_000)


def profile_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options from which `profiled` takes those that are given."""
    for option in (
        click.option(
            "--trace-every",
            type=EVERY,
            metavar="N",
            help="Trace one flow in N, by chance.  [default: 1000]",
        ),
        click.option(
            "--trace",
            metavar="URL",
            help="Send traces of flows to a receiver of OTLP, at http://127.0.0.1:4318, say.",
        ),
        click.option(
            "--profile-token-file",
            type=SECRET,
            metavar="FILE",
            help="A file with a secret that those who ask must know.",
        ),
        click.option(
            "--profile-listen",
            metavar="ADDRESS",
            help="Answer questions about the profile at 127.0.0.1:9100, say, or"
            " unix:/run/server.sock.",
        ),
        click.option(
            "--profile-file",
            type=FILE,
            metavar="FILE",
            help="Where the profile is written at the end, and on SIGUSR2.",
        ),
        click.option(
            "--profile",
            is_flag=True,
            help="Profile from the start; the file is PROGRAM.profile.json, or --profile-file.",
        ),
    ):
        command = option(command)
    return command


def profiled(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the options say.

    Raises:
        click.UsageError: An option belongs to another, which isn't given, or the profile's file has
            no place.
    """
    given = {name: options[name] for name in NAMES if options[name]}
    if "profile_file" in given:
        refuse_lost(Path(given["profile_file"]))
    if "profile_token_file" in given and "profile_listen" not in given:
        raise click.UsageError("--profile-token-file is for --profile-listen, which is not given")
    if "trace_every" in given and "trace" not in given:
        raise click.UsageError("--trace-every is for --trace, which is not given")
    return given

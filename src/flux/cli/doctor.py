"""`flux doctor`."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict

import click

from flux.cli.files import clear_errors, shown
from flux.toolchain.cache import Cache, cache_folder
from flux.toolchain.machine import Finding, findings

TARGETS = ("python", "cpp")
RUNTIMES = ("thread", "pool", "event")


@click.command(epilog="Example: flux doctor --target cpp")
@click.option("--target", type=click.Choice(TARGETS), help="Look at one target only.")
@click.option("--runtime", type=click.Choice(RUNTIMES), help="Look at one runtime only.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.option("--clean-cache", is_flag=True, help="Remove all that was built, and do no more.")
def doctor(target: str | None, runtime: str | None, form: str, *, clean_cache: bool) -> None:
    """Tell what this machine lacks for which target, and how to install it.

    Exits with 1 if something is missing that all programs of a target need.
    """
    if clean_cache:
        _clean()
        return
    found = list(findings((target,) if target else TARGETS, runtime))
    click.echo(_REPORTS[form](found))
    if any(each.required and not each.present for each in found):
        sys.exit(1)


def _clean() -> None:
    cache = Cache(cache_folder())
    megabytes = cache.size() / 1e6
    with clear_errors():
        cache.clear()
    click.echo(f"removed {megabytes:.1f} MB from {shown(cache_folder())}")


def _as_json(found: Sequence[Finding]) -> str:
    return json.dumps([asdict(each) for each in found], indent=2)


def _as_text(found: Sequence[Finding]) -> str:
    """A line for each thing, and below those the commands that bring what is missing."""
    rows = [(_state(each), each.target, each.thing, each.purpose, each.detail) for each in found]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    cures = list(dict.fromkeys(f"  {each.cure}" for each in found if each.cure))
    return "\n".join([*lines, *(["", "What would help:"] if cures else []), *cures])


def _state(finding: Finding) -> str:
    if finding.present:
        return "ok"
    return "MISSING" if finding.required else "lacking"


_REPORTS = {"text": _as_text, "json": _as_json}

"""`flux paths`."""

from collections.abc import Sequence
from pathlib import Path

import click

from flux.cli.files import READABLE, deliver
from flux.cli.programs import compiled
from flux.plan.model import Plan
from flux.plan.paths import path_count, path_name, path_names


@click.command(epilog="Example: flux paths image.flux --source Listen --number 3")
@click.argument("program", type=READABLE)
@click.option("--source", metavar="NAME", help="List only the paths from this source.")
@click.option("--limit", type=click.IntRange(0), default=100, show_default=True, metavar="N")
@click.option("--number", type=click.IntRange(0), metavar="N", help="Name only this path.")
def paths(program: Path, source: str | None, limit: int, number: int | None) -> None:
    """List the ways from a source to an end, error ends and handlers included, by number."""
    _, plan = compiled(program)
    for name in _chosen(plan, source):
        if number is None:
            deliver(_listing(plan, name, limit), None)
        else:
            deliver(_named(plan, name, number), None)


def _chosen(plan: Plan, source: str | None) -> Sequence[str]:
    """The sources to list: the one that was asked for, or all."""
    names = [loop.source for loop in plan.sources]
    if source is None:
        return names
    if source not in names:
        raise click.UsageError(f"no source is called {source!r}; there are: {', '.join(names)}")
    return [source]


def _listing(plan: Plan, source: str, limit: int) -> str:
    """The number of a source's paths, and the first of them."""
    count = path_count(plan, source)
    lines = [f"{source}: {count} path{'' if count == 1 else 's'}"]
    width = len(str(min(count, limit)))
    lines += [f"  {number:>{width}}  {name}" for number, name in path_names(plan, source, limit)]
    if count > limit:
        lines.append(f"  ... and {count - limit} more")
    return "\n".join(lines)


def _named(plan: Plan, source: str, number: int) -> str:
    """The path of a number."""
    count = path_count(plan, source)
    if number >= count:
        raise click.UsageError(f"the paths of {source} are numbered from 0 to {count - 1}")
    return path_name(plan, source, number)

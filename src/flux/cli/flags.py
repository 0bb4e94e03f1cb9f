"""The options that say how C++ is compiled."""

import shlex
from collections.abc import Callable, Mapping
from typing import Any

import click

from flux.toolchain.manifest import Flags

SANITIZERS = ("address", "thread", "undefined")


def compiler_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options from which `flags_of` makes flags."""
    for option in (
        click.option(
            "--cxxflags", callback=_split, metavar="FLAGS", help="Flags to compile C++ with."
        ),
        click.option("--ldflags", callback=_split, metavar="FLAGS", help="Flags to link with."),
        click.option("--debug", is_flag=True, help="Compile for a debugger."),
        click.option("--sanitize", type=click.Choice(SANITIZERS), help="Look for C++ mistakes."),
    ):
        command = option(command)
    return command


def flags_of(options: Mapping[str, Any], target: str) -> Flags:
    """What the options say.

    Raises:
        click.UsageError: They say something, and the target isn't C++.
    """
    flags = Flags(**{name: options[name] for name in Flags._fields})
    if target != "cpp" and any(flags):
        given = next(name for name, value in zip(flags._fields, flags, strict=True) if value)
        raise click.UsageError(f"--{given} is for the target cpp, and this one is {target}")
    return flags


def _split(_context: click.Context, _option: click.Parameter, value: str | None) -> tuple[str, ...]:
    """The words of flags, as a shell would see them."""
    try:
        return tuple(shlex.split(value or ""))
    except ValueError as error:
        raise click.BadParameter(f"{str(error).lower()} in {value!r}") from None

"""`flux run` where another process is the server: the binary takes this one's place."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import click

from flux.toolchain.cache import Cache, cache_folder
from flux.toolchain.compilers import MissingCompilerError, find_compilers
from flux.toolchain.manifest import Flags, Manifest, Order, recall


def run_cpp(
    program: Path,
    nodes: tuple[Path, ...],
    flags: Flags,
    options: Mapping[str, object],
    args: Sequence[str],
) -> NoReturn:
    """Build the program, unless that has been done, and become it."""
    words = [_word(name, value) for name, value in options.items()]
    manifest = built(program, nodes, flags)
    click.echo(manifest.warnings, err=True, nl=False)
    _become(manifest.binary, [*words, "--", *args])


def built(program: Path, nodes: tuple[Path, ...], flags: Flags) -> Manifest:
    """What was built of these files, or, if that isn't so any more, what is built of them now."""
    try:
        order = Order(program, nodes, flags, find_compilers())
    except MissingCompilerError as error:
        raise click.ClickException(f"{error}\n`flux doctor` says what to install") from None
    cache = Cache(cache_folder())
    entry = cache.entry("manifests", order.key)
    manifest = recall(entry)
    if manifest is None:
        from flux.cli.building import build_in_cache  # noqa: PLC0415 - the compiler

        return build_in_cache(order, cache)
    cache.used(entry)
    cache.used(Path(manifest.binary).parent)
    return manifest


def _word(name: str, value: object) -> str:
    option = f"--{name.replace('_', '-')}"
    return option if value is True else f"{option}={value}"


def _become(binary: str, arguments: Sequence[str]) -> NoReturn:
    """Run a binary in place of this process; what signals Python ignores, the binary needn't."""
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored, signal.SIG_DFL)
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        os.execv(binary, [binary, *arguments])  # noqa: S606 - no shell is wanted
    except OSError as error:
        advice = "`flux doctor --clean-cache` removes it, so that it is built anew"
        raise click.ClickException(f"{binary}: {error.strerror}\n{advice}") from None

"""Looks for bytes that our parsers in Python can't stand (`make fuzz`).

Example: python tests/fuzz/command.py --seconds 60 http syntax
"""

import os
import subprocess
import sys
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fuzz.properties import HERE, LIBRARY, PROPERTIES
from fuzz.web import ROOT

from flux.nodes.native import VARIABLE
from flux.toolchain.cache import Cache, cache_folder
from flux.toolchain.codec import codec

FOUND = ROOT / "build" / "fuzz"


@click.command()
@click.option("--seconds", type=click.IntRange(1), default=60, help="For each of them.")
@click.argument("names", nargs=-1, type=click.Choice(list(PROPERTIES)))
def main(seconds, names):
    """Fuzz NAMES, or all: each for so long, beginning with what is known."""
    environment = os.environ | compared_with()
    for name in names or PROPERTIES:
        click.echo(f"{name}:")
        found = FOUND / name
        found.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, HERE / "fuzzer.py", name, str(seconds), found]
        if subprocess.run(command, env=environment, check=False).returncode != 0:
            raise click.ClickException(f"{name}: the bytes that broke it are in {found}")


def compared_with() -> dict[str, str]:
    """The engine's codec, and the web server's parsers in C++, in the environment."""
    subprocess.run(["make", "-s", "-C", ROOT / "engine" / "fuzz", "library"], check=True)
    library = ROOT / "build" / "engine" / "fuzz" / "libweb.so"
    return {VARIABLE: str(codec(Cache(cache_folder()), click.echo)), LIBRARY: str(library)}


if __name__ == "__main__":
    main()

"""Runs CPython's own tests on threads and on fibers, and writes docs/cpython.md.

Example: python tests/cpython/command.py --python python3.13 test_queue test_threading
"""

import sys
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[1]))

from cpython import recording, table
from cpython.judging import MODULES, is_there


@click.command()
@click.option("--python", "pythons", multiple=True, help="An interpreter; by default, this one.")
@click.argument("modules", nargs=-1, type=click.Choice(MODULES))
def main(pythons, modules):
    """Compare outcomes, and keep those of these MODULES, or of all."""
    for python in pythons or [sys.executable]:
        path, name = recording.found(python)
        for module in modules or MODULES:
            _compare(path, name, module)
    table.write()
    if wrong := table.unexplained(recording.all_kept()):
        raise click.ClickException("\n".join(["to be explained in failures.toml:", *wrong]))


def _compare(python, name, module):
    if not is_there(python, module):
        click.echo(f"{name}: {module} is not installed")
        recording.keep(name, module, None)
        return
    entry = recording.compared(python, module)
    recording.keep(name, module, entry)
    click.echo(f"{name}: {module}: {entry['kept']} of {entry['threads'].get('passed', 0)}")
    for case, why in entry["worse"].items():
        click.echo(f"  {case}: {why}")


if __name__ == "__main__":
    main()

"""`flux`: the command line. Each command is a module of this package, loaded when it is used."""

import io
import os
import sys
from importlib import import_module
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from flux.version import __version__

# In the order in which a newcomer meets them.
COMMANDS = {
    "new": "Start a project that runs at once.",
    "check": "Find the mistakes in programs.",
    "fmt": "Lay programs out in the paper's form.",
    "graph": "Draw a program as SVG, or for Graphviz or Mermaid.",
    "plan": "Show the routines of a program, and where constraints are taken.",
    "paths": "List the ways from a source to an end, by number.",
    "build": "Write the generated program, and stubs of missing functions.",
    "run": "Run a server.",
    "fibers": "Run a program of Python whose threads are fibers.",
    "profile": "Show where a server's time goes.",
    "top": "Watch where a server's time goes.",
    "simulate": "Predict how fast a server will be.",
    "doctor": "Tell what this machine lacks.",
    "explain": "Explain a kind of mistake.",
    "completion": "Print a script that completes commands in a shell.",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """All names, for the help and for completion."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 -- click's signature
        """The command of a name: the function of that name in the module of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"flux.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 -- our bug, not the user's
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[str]]":
        """The names that begin so, without loading the commands, and the group's own options."""
        named = [
            CompletionItem(name, help=summary)
            for name, summary in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 -- click's signature
        """The help's list of commands, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, epilog="`flux COMMAND --help` shows how a command is used.")
@click.version_option(__version__, prog_name="flux", message="%(prog)s %(version)s")
def main() -> None:
    """Concurrent servers as a picture of data flow, with locks that cannot deadlock."""
    _open_closed_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A name that the terminal can't show is no reason to show nothing.
        sys.stdout.reconfigure(errors="backslashreplace")


def _open_closed_streams() -> None:
    """Make null devices of standard streams that are closed: the next socket would be one."""
    for name, mode in [("stdin", "r"), ("stdout", "w"), ("stderr", "w")]:
        if getattr(sys, name) is None:
            null = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 -- for good
            setattr(sys, name, null)

"""The floor: the system calls of a server, and nothing else. No server can be much below it."""

from collections.abc import Iterator
from contextlib import contextmanager

from measuring.builds import program
from measuring.processes import Command, Served, printed_port, serving

from eventing.pages import FOLDER, SIZES


@contextmanager
def floor() -> Iterator[dict[str, Served]]:
    """The server, in its only configuration."""
    command: Command = [program("floor"), FOLDER, *map(str, SIZES)]
    with serving(command, printed_port) as server:
        yield {"": server}

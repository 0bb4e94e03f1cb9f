"""The image servers, started as their users start them."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from measuring.builds import FLUX
from measuring.processes import Command, Served, printed_port, serving

from imaging.pictures import EXAMPLE, PICTURES

PROCESSES = {
    "C++, event": ("--target", "cpp", "--runtime", "event"),
    "C++, pool": ("--target", "cpp", "--runtime", "pool"),
    "C++, thread": ("--target", "cpp", "--runtime", "thread"),
    "Python, pool": ("--target", "python", "--runtime", "pool"),
}
NATIVE = ("C++, event", "C++, pool", "C++, thread")

UNCACHED = ("--cache-bytes", "0")


@contextmanager
def image_server(
    name: str, *own: str, runtime: Sequence[str] = (), around: Sequence[str] = ()
) -> Iterator[Served]:
    """One of them, with options of its own and of its runtime; `around` is a command to run it."""
    command: Command = [*around, FLUX, "run", EXAMPLE / "image.flux", *PROCESSES[name], *runtime]
    arguments: Command = ["--", "--port", "0", "--root", PICTURES, *own]
    with serving([*command, *arguments], printed_port) as server:
        yield server


@contextmanager
def image_servers(*own: str) -> Iterator[dict[str, Served]]:
    """All of them."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(image_server(name, *own)) for name in PROCESSES}

"""`flux fibers`: any threaded program of Python, with fibers for threads."""

import click

from flux.cli.with_fibers import become_fibrous


class _Interpreter(click.Command):
    """A command whose words are an interpreter's, from the first that is no long option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse our own options only."""
        own = next((at for at, word in enumerate(args) if word[:2] != "--"), len(args))
        ended = [] if "--" in args[:own] else ["--"]
        return super().parse_args(ctx, [*args[:own], *ended, *args[own:]])


@click.command(cls=_Interpreter, epilog="Example: flux fibers server.py --port 8080")
@click.option("--children", is_flag=True, help="Programs that it starts have fibers, too.")
@click.argument("words", nargs=-1, metavar="{PROGRAM | -m MODULE | -c TEXT} [ARGS]...")
def fibers(words: tuple[str, ...], *, children: bool) -> None:
    """Run a program of Python whose threads are fibers of one thread.

    It is named as for python itself. Nothing in it is changed: where a thread would wait, for a
    socket, a lock or a moment, in C extensions, too, its fiber gives way to others. The main
    thread stays a thread.
    The engine is compiled first, once for each compiler.
    """
    if not words:
        raise click.UsageError("name a PROGRAM, or a module by -m")
    become_fibrous(words, children=children)

"""`flux run`: what it can be told; each target has its own way to run."""

import sys
from pathlib import Path
from typing import Any

import click

from flux.cli.flags import compiler_options, flags_of
from flux.cli.targets import FILE, NODES, TARGET, chosen_target, only_file

# As `flux.runtime.server` has it, which a program in C++ need not wait for.
COUNT = click.IntRange(1, 1_000_000)


@click.command(epilog="Example: flux run server.flux --runtime pool --threads 8 -- --port 8080")
@click.argument("program", type=FILE)
@NODES
@TARGET
@compiler_options
@click.option(
    "--runtime",
    type=click.Choice(["thread", "pool"]),
    default="thread",
    show_default=True,
    help="A thread for each flow, or a pool of threads that share a queue.",
)
@click.option("--threads", type=COUNT, metavar="N", help="The size of the pool.")
@click.option(
    "--queue",
    type=COUNT,
    default=1024,
    show_default=True,
    metavar="N",
    help="Flows that may wait for it.",
)
@click.option("--max-flows", type=COUNT, metavar="N", help="Flows alive at a time.")
@click.option(
    "--drain",
    type=click.FloatRange(0),
    default=25,
    show_default=True,
    metavar="SECONDS",
    help="How long flows may take to finish when the server is stopped.",
)
@click.argument("args", nargs=-1)
def run(program: Path, nodes: tuple[Path, ...], target: str | None, **options: Any) -> None:  # noqa: ANN401 - of many types
    """Run the server of a PROGRAM; ARGS after `--` are for its functions.

    Mistakes keep it from running; warnings are shown. A program in C++ is compiled first, unless
    it was compiled before and nothing has changed since.
    SIGTERM and SIGINT stop it: flows in flight finish first. Exits with 0, or with 4 if some
    were cut short.
    """
    chosen = chosen_target(program, nodes, target)
    flags = flags_of(options, chosen)
    served = {name: options[name] for name in ("runtime", "threads", "queue", "max_flows", "drain")}
    if chosen == "cpp":
        from flux.cli.run_cpp import run_cpp  # noqa: PLC0415 - each target loads its own

        run_cpp(program, nodes, flags, served, options["args"])
    else:
        from flux.cli.run_python import run_python  # noqa: PLC0415 - the same

        file = only_file(nodes, chosen)
        sys.exit(run_python(program, file, chosen, {**served, "args": options["args"]}))

"""`flux run`: what it can be told; each target has its own way to run."""

import sys
from collections.abc import Mapping
from math import isnan
from pathlib import Path
from typing import Any, NoReturn

import click

from flux.cli.flags import compiler_options, flags_of
from flux.cli.profiling import profile_options, profiled
from flux.cli.targets import NODES, PROGRAM, TARGET, chosen_target, only_file
from flux.cli.verbatim import Verbatim, words
from flux.toolchain.manifest import Flags

# As `flux.runtime.options` has them, which a program in C++ need not wait for.
COUNT = click.IntRange(1, 1_000_000)
POOL = ("threads", "queue")

# As the engine has them.
CORES = click.IntRange(1, 64)
KIB = click.IntRange(32, 1_048_576)
MILLISECONDS = click.IntRange(0, 1_000_000)
WORKERS = click.IntRange(1, 64)
SECONDS = click.FloatRange(0, min_open=True)
SEVERAL = ("workers", "start_timeout")
NATIVE = ("cores", "stack")
EVENT = (*NATIVE, "stall")

CHECK = click.option(
    "--check", is_flag=True, hidden=True, help="Do all that comes before serving, and end."
)
RELOAD = click.option(
    "--reload",
    is_flag=True,
    help="Serve anew when the program or its functions have changed and have no mistakes.",
)

SERVED = ("runtime", *POOL, *EVENT, "max_flows", "drain")


@click.command(
    cls=Verbatim,
    epilog="Example: flux run server.flux --runtime pool --threads 8 -- --port 8080",
)
@click.argument("program", type=PROGRAM)
@NODES
@TARGET
@compiler_options
@click.option(
    "--runtime",
    type=click.Choice(["thread", "pool", "event"]),
    default="thread",
    show_default=True,
    help="A thread for each flow, a pool of threads that share a queue, or a fiber for each flow,"
    " on one thread, in C++ on one for each core.",
)
@click.option("--threads", type=COUNT, metavar="N", help="The size of the pool.")
@click.option(
    "--queue", type=COUNT, metavar="N", help="Flows that may wait for it.  [default: 1024]"
)
@click.option(
    "--cores",
    type=CORES,
    metavar="N",
    help="Threads of the event runtime, in C++.  [default: 1]",
)
@click.option(
    "--stack",
    type=KIB,
    metavar="KIB",
    help="The stack of each of its flows, the same.  [default: 256]",
)
@click.option(
    "--stall",
    type=MILLISECONDS,
    metavar="MS",
    help="Tell when a node keeps one of its threads busy for longer; 0: never.  [default: 200]",
)
@click.option("--max-flows", type=COUNT, metavar="N", help="Flows alive at a time.")
@click.option(
    "--workers",
    type=WORKERS,
    metavar="N",
    help="Serve in N processes, each with state and constraints of its own; one that dies is"
    " replaced.",
)
@click.option(
    "--start-timeout",
    type=SECONDS,
    metavar="SECONDS",
    help="How long each of them may take until it serves; one that takes longer is killed."
    "  [default: 60]",
)
@click.option(
    "--drain",
    type=click.FloatRange(0),
    default=25,
    show_default=True,
    metavar="SECONDS",
    help="How long flows may take to finish when the server is stopped.",
)
@profile_options
@RELOAD
@CHECK
@click.argument("args", nargs=-1)
def run(program: Path, nodes: tuple[Path, ...], target: str | None, **options: Any) -> None:  # noqa: ANN401 - of many types
    """Run the server of a PROGRAM; ARGS after `--` are for its functions.

    Mistakes keep it from running; warnings are shown. A program in C++ is compiled first, unless
    it was compiled before and nothing has changed since.
    SIGTERM and SIGINT stop it: flows in flight finish first. Exits with 0, or with 4 if some
    were cut short. SIGUSR2 turns its profile on, or off and writes it.
    """
    chosen = chosen_target(program, nodes, target)
    flags = flags_of(options, chosen)
    if chosen != "cpp":
        _refuse_native(options, chosen)
    _refuse_useless(options)
    _check_start(options["start_timeout"], options["workers"])
    served = {name: options[name] for name in SERVED if options[name] is not None}
    served |= profiled(options)
    if options["reload"]:
        _reload(program, nodes, chosen, flags, options["drain"])
    if (options["workers"] or 1) > 1 and not options["check"]:
        _tell_of_workers(program)
    if chosen == "cpp":
        from flux.cli.run_cpp import built, run_cpp  # noqa: PLC0415 - each target loads its own

        if options["check"]:
            built(program, nodes, flags)
        else:
            own = {name: options[name] for name in SEVERAL if options[name] is not None}
            run_cpp(program, nodes, flags, {**served, **own}, options["args"])
    else:
        from flux.cli.run_python import run_python  # noqa: PLC0415 - the same

        file = only_file(nodes, chosen)
        if options["runtime"] == "event":
            _have_fibers(served.pop("stall", None))
        served["args"] = options["args"]
        if options["workers"] and not options["check"]:
            _become_worker(options["workers"], options["drain"], options["start_timeout"])
        sys.exit(run_python(program, file, chosen, served, check=options["check"]))


def _reload(
    program: Path, nodes: tuple[Path, ...], target: str, flags: Flags, drain: float
) -> NoReturn:
    """Have processes of their own do what this one was called for, anew with each change."""
    from flux.cli.run_reload import CppText, PythonText, run_reload  # noqa: PLC0415 - seldom needed

    if target == "cpp":
        sys.exit(run_reload(CppText(words(), program, nodes, flags), drain))
    sys.exit(run_reload(PythonText(words(), program, only_file(nodes, target)), drain))


def _refuse_useless(options: Mapping[str, object]) -> None:
    """What the runtime would ignore is most likely a mistake.

    Raises:
        click.UsageError: It is given.
    """
    runtime = options["runtime"]
    for needed, names in (("pool", POOL), ("event", EVENT)):
        for name in names:
            if runtime != needed and options[name] is not None:
                raise click.UsageError(
                    f"--{name} is for --runtime {needed}, and this is --runtime {runtime}"
                )


def _check_start(timeout: float | None, workers: int | None) -> None:
    """How long workers may take to start is for them, and a number.

    Raises:
        click.UsageError: It isn't.
    """
    if timeout is not None and workers is None:
        raise click.UsageError("--start-timeout is for --workers, which is not given")
    if timeout is not None and isnan(timeout):  # what its type lets through
        raise click.UsageError("--start-timeout must be more than 0 seconds")


def _have_fibers(stall: int | None) -> None:
    """Go on as an interpreter whose threads are fibers; if this one's aren't, begin again as one.

    Raises:
        click.ClickException: That can't be done here.
    """
    from flux.runtime.fibers import has_fibers  # noqa: PLC0415 - seldom needed

    if not has_fibers():
        from flux.cli.with_fibers import become_fibrous  # noqa: PLC0415 - the compiler

        become_fibrous(["-P", "-m", "flux.cli", "run", *words()], stall=stall)


def _tell_of_workers(program: Path) -> None:
    """Show what holds only within one worker; that this loads the compiler is no loss to them."""
    from flux.cli.files import read  # noqa: PLC0415 - seldom needed
    from flux.cli.mistakes import show  # noqa: PLC0415 - the same
    from flux.driver import compile_program  # noqa: PLC0415 - the same
    from flux.graph.workers import per_worker  # noqa: PLC0415 - the same

    compilation = compile_program(read(program))
    if compilation.ok:
        show(list(per_worker(compilation.graph)))


def _become_worker(count: int, drain: float, start_timeout: float | None) -> None:
    """Go on as one of so many workers; the process that was called looks after them, and ends."""
    from flux.runtime.workers.supervisor import (  # noqa: PLC0415 - seldom needed
        START_TIMEOUT,
        supervise,
    )

    status = supervise(count, drain, start_timeout or START_TIMEOUT)
    if status is not None:
        sys.exit(status)


def _refuse_native(options: Mapping[str, object], target: str) -> None:
    """What only the event runtime of programs in C++ has.

    Raises:
        click.UsageError: It is asked for.
    """
    for name in NATIVE:
        if options[name] is not None:
            raise click.UsageError(f"--{name} is for the target cpp, and this one is {target}")

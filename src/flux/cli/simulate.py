"""`flux simulate`: what it can be told; `flux.cli.simulating` does it."""

import sys
from collections.abc import Callable, Mapping, Sequence
from math import isnan
from pathlib import Path
from typing import Any

import click

from flux.cli.files import OUTPUT, READABLE
from flux.cli.profiles import TOKEN_FILE
from flux.simulation.prediction.objectives import Objective, ObjectiveError, objective
from flux.simulation.prediction.ranges import RangeError, numbers, whole
from flux.simulation.prediction.replications import Effort

FORMATS = ("table", "json", "csv")
ORIGINS = ("profile", "parameters", "template")
MODES = ("speedup", "size", "granularity", "check")
VARIED = ("cpus", "threads", "max_flows", "rate")
DEFAULTS = {"runs": Effort().runs, "flows": Effort().flows, "seed": Effort().seed, "faster": 25.0}
INTERRUPTED = 130
MOST_CPUS = 1024
MOST_THREADS = 1_000_000


class Numbers(click.ParamType[Sequence[float]]):
    """Numbers to try, such as 1,2,4 or 50:1000:50."""

    name = "numbers"

    def __init__(self, read: Callable[[str], Sequence[float]], most: float) -> None:
        self._read, self._most = read, most

    def convert(
        self,
        value: str | Sequence[float],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Sequence[float]:
        """The numbers, smallest first."""
        if not isinstance(value, str):
            return value
        try:
            found = self._read(value)
        except RangeError as error:
            self.fail(str(error), param, ctx)
        if found[-1] > self._most:
            self.fail(f"{found[-1]:,.12g} is more than {self._most:,.12g}", param, ctx)
        return found


class Percent(click.FloatRange):
    """A range that holds numbers only: "nan" is in none, and click takes it to be in all."""

    def convert(
        self, value: float, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """The number."""
        found: float = super().convert(value, param, ctx)
        if isnan(found):
            self.fail(f"{value!r} is no number", param, ctx)
        return found


class Latency(click.ParamType[Objective]):
    """An objective such as p95=50ms."""

    name = "objective"

    def convert(
        self, value: str | Objective, param: click.Parameter | None, ctx: click.Context | None
    ) -> Objective:
        """The objective."""
        if not isinstance(value, str):
            return value
        try:
            return objective(value)
        except ObjectiveError as error:
            self.fail(str(error), param, ctx)


def _the_only(
    _context: click.Context, _option: click.Parameter, given: Sequence[Objective]
) -> Objective | None:
    """The objective, if there is one; click would take the last of several."""
    if len(given) > 1:
        raise click.UsageError(
            f"--slo is given {len(given)} times, and one objective is judged: give one of them"
        )
    return given[0] if given else None


@click.command(
    epilog="Example: flux simulate image.flux --profile image.profile.json --cpus 1,2,4"
    " --rate 50:1000:50 --slo p95=50ms --plot image.svg"
)
@click.argument("program", type=READABLE)
@click.option(
    "--profile",
    multiple=True,
    metavar="FILE_OR_ADDRESS",
    help="Take times and probabilities from a profile, or from a server that tells its own;"
    " several are of as many starts of one server, at one load or more.",
)
@click.option(
    "--parameters",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Take them from a file that was written by hand.",
)
@click.option("--template", is_flag=True, help="Write such a file, to be filled in, and end.")
@click.option(
    "--cpus", type=Numbers(whole, MOST_CPUS), metavar="N,...", help="Numbers of processors."
)
@click.option(
    "--threads", type=Numbers(whole, MOST_THREADS), metavar="N,...", help="Sizes of the pool."
)
@click.option(
    "--max-flows",
    type=Numbers(whole, MOST_THREADS),
    metavar="N,...",
    help="How many flows may be alive at a time.",
)
@click.option(
    "--rate",
    type=Numbers(numbers, 1e9),
    metavar="N,...",
    help="How many flows come in a second, such as 50:1000:50 for 50, 100, ... 1000.",
)
@click.option(
    "--sessions", type=click.IntRange(1), metavar="N", help="How many sessions a profile has."
)
@click.option(
    "--slo",
    type=Latency(),
    multiple=True,
    callback=_the_only,
    metavar="LATENCY=LIMIT",
    help="What must hold, such as p95=50ms.",
)
@click.option(
    "--what-if",
    multiple=True,
    metavar="EDIT",
    help="Change the program first: cache=reader, 'no cache', 'Compress*0.75', threads=32.",
)
@click.option("--speedup", is_flag=True, help="Rank nodes by what it gains if they are faster.")
@click.option(
    "--faster",
    type=Percent(0, 100, min_open=True, max_open=True),
    default=DEFAULTS["faster"],
    show_default=True,
    metavar="PERCENT",
    help="By how much, with --speedup.",
)
@click.option(
    "--size", is_flag=True, help="Find the fewest processors and the smallest pool for --slo."
)
@click.option("--granularity", is_flag=True, help="Rank changes of constraints by what they gain.")
@click.option("--check", is_flag=True, help="Simulate what was profiled, and compare.")
@click.option(
    "--runs",
    type=click.IntRange(2, 10_000),
    default=DEFAULTS["runs"],
    show_default=True,
    metavar="N",
    help="Runs of each setting; more of them narrow the intervals.",
)
@click.option(
    "--flows",
    type=click.IntRange(100, 100_000_000),
    default=DEFAULTS["flows"],
    show_default=True,
    metavar="N",
    help="Flows of a run.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**53),
    default=DEFAULTS["seed"],
    show_default=True,
    metavar="N",
    help="The same seed makes the same runs.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, MOST_CPUS),
    metavar="N",
    help="Runs at a time.  [default: as many as there are processors]",
)
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Draw latency over rate, as .svg or .png: that of --slo, or the mean.",
)
@click.option(
    "--observed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="CSV",
    help="Draw what a real server did, too: columns cpus, rate and latencies in seconds.",
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@TOKEN_FILE
@OUTPUT
@click.pass_context
def simulate(context: click.Context, /, program: Path, **options: Any) -> None:  # noqa: ANN401 - of many types
    """Predict how fast a server will be with other loads, processors, pools or functions.

    Throughput and latencies with 95% intervals, what holds flows up, and what would help. Times
    and probabilities come from a profile, or from a file that --template begins. Ctrl-C shows
    what there is so far, and exits with 130.
    """
    _refuse_origins(options)
    _refuse_modes(options)
    _refuse_given(options, context)
    try:
        _answer(program, options)
    except KeyboardInterrupt:  # there was nothing to show yet, but the end is the same
        click.echo("interrupted before anything was known", err=True)
        sys.exit(INTERRUPTED)


def _answer(program: Path, options: Mapping[str, Any]) -> None:
    from flux.cli.simulating import carried_out, show_template  # noqa: PLC0415 - after the checks

    if options["template"]:
        show_template(program, options["output"])
    elif not carried_out(program, options):
        sys.exit(INTERRUPTED)


def _refuse_origins(options: Mapping[str, Any]) -> None:
    """Numbers must come from somewhere, and from one place."""
    given = [f"--{name}" for name in ORIGINS if options[name]]
    if not given:
        raise click.UsageError(
            "where do times come from? --profile FILE has measured ones; --template writes a file"
            " to fill in, which --parameters FILE reads"
        )
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} can't be used together: give one of them")


def _refuse_modes(options: Mapping[str, Any]) -> None:
    """One question at a time, and one setting for those that are about one."""
    modes = [f"--{name}" for name in MODES if options[name]]
    if len(modes) > 1:
        raise click.UsageError(f"{' and '.join(modes)} can't be used together: ask one by one")
    for mode in modes:
        for name in VARIED:
            if options[name] and len(options[name]) > 1:
                raise click.UsageError(f"{mode} is about one setting: give one {_flag(name)}")
    if options["size"] and not options["slo"]:
        raise click.UsageError("--size needs an objective: give one, such as --slo p95=50ms")
    if options["check"] and not options["profile"]:
        raise click.UsageError("--check compares with a profile: give it with --profile")
    if options["check"] and len(options["profile"]) > 1:
        raise click.UsageError("--check compares with one profile: give one --profile")


_USELESS = {
    "template": {*VARIED, "slo", "what_if", *MODES, "plot", "runs", "flows", "seed", "sessions"},
    "parameters": {"sessions", "token_file"},
    "check": {*VARIED, "slo", "what_if", "plot"},
    "size": {"cpus", "threads", "plot"},
    "speedup": {"slo", "plot"},
    "granularity": {"slo", "plot"},
}
_NEEDED = {"faster": "speedup", "observed": "plot"}


def _refuse_given(options: Mapping[str, Any], context: click.Context) -> None:
    """What would be ignored is most likely a mistake."""
    by_hand = click.core.ParameterSource.COMMANDLINE
    given = {name for name in options if context.get_parameter_source(name) is by_hand}
    for main, useless in _USELESS.items():
        if options[main]:
            for name in sorted(given & useless):
                raise click.UsageError(f"{_flag(name)} has no use with --{main}: leave it away")
    for name, needed in _NEEDED.items():
        if name in given and not options[needed]:
            raise click.UsageError(f"{_flag(name)} is for --{needed}, which isn't given")


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"

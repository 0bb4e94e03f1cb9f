"""How `flux simulate` does what it was told: parameters, runs with progress, the report."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from flux.cli.files import clear_errors, deliver, shown
from flux.cli.plots import drawn_latency, observed_in, refuse_plot, write_plot
from flux.cli.profiles import is_file, painter, taken, width
from flux.cli.programs import compilation_of, compiled
from flux.plan.model import Plan
from flux.profile.model import Profile
from flux.render.characters import clean
from flux.simulation.model import Model
from flux.simulation.prediction import alternatives, wiring
from flux.simulation.prediction.alternatives import Alternative, Gain, Ranking
from flux.simulation.prediction.replay import replayed
from flux.simulation.prediction.replications import Effort, Subject, predicted
from flux.simulation.prediction.reports.contents import Ranked, Report, Sized, Sweep
from flux.simulation.prediction.running import Runner, runner
from flux.simulation.prediction.settings import Setting, SettingError
from flux.simulation.prediction.sizing import sized
from flux.simulation.prediction.sweeps import Point, settings, swept, under
from flux.syntax.declarations import Program

MOST_SETTINGS = 10_000
MOST_BYTES = 1 << 24


class SimulationTrouble(click.ClickException):
    """What can't be simulated, and why."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be simulated, by what, and how it was asked for."""

    program: Program
    plan: Plan
    subject: Subject
    profiles: Sequence[Profile]
    effort: Effort
    options: Mapping[str, Any]
    run: Runner


def show_template(program: Path, output: Path | None) -> None:
    """Write parameters of a program, to be filled in."""
    _, plan = compiled(program)
    with plain_errors():
        deliver(wiring.template(plan), output)


def carried_out(program: Path, options: Mapping[str, Any]) -> bool:
    """Simulate, and show what came of it; whether that is all, for Ctrl-C leaves a part."""
    latency = drawn_latency(options["slo"])
    if options["plot"]:
        refuse_plot(options["plot"], options["rate"])
    observed = observed_in(options["observed"], latency) if options["observed"] else ()
    compilation, plan = compilation_of(program)
    profiles = [taken(origin, options["token_file"]) for origin in options["profile"]]
    effort = Effort(options["runs"], options["flows"], options["seed"])
    with plain_errors():
        subject = _subject(plan, profiles, options)
        with runner(wiring.engine(), options["jobs"] or _processors()) as run:
            task = Task(compilation.program, plan, subject, profiles, effort, options, run)
            _refuse_sessions(task)
            report, is_whole = _asked(options)(task)
    deliver(_written(report, options["form"], options["output"]), options["output"])
    if options["plot"] and isinstance(report, Sweep):
        write_plot(report, options["plot"], latency, observed)
    return is_whole


@contextmanager
def plain_errors() -> Iterator[None]:
    """Tell what can't be simulated, instead of showing where in our code that was found."""
    trouble: tuple[type[Exception], ...] = (SettingError, *wiring.troubles())
    try:
        yield
    except trouble as error:
        told = "\n".join(map(clean, str(error).split("\n")))  # a file's mistakes have a line each
        raise SimulationTrouble(told) from None
    except BrokenExecutor:
        raise SimulationTrouble(
            "a process that simulated was killed, perhaps for want of memory: try --jobs 1, or"
            " fewer --flows"
        ) from None


def _subject(plan: Plan, profiles: Sequence[Profile], options: Mapping[str, Any]) -> Subject:
    """The program with its parameters, changed as the options say."""
    if profiles:
        names = [
            shown(Path(origin)) if is_file(origin) else clean(origin)
            for origin in options["profile"]
        ]
        wiring.check_lock(options["what_if"], profiles, names)
        return wiring.measured(profiles, plan, names, options["sessions"])
    path = options["parameters"]
    with clear_errors(path), path.open("rb") as file:
        data = file.read(MOST_BYTES)
    try:
        return wiring.by_hand(data.decode("utf-8-sig"), plan, shown(path))
    except UnicodeDecodeError as error:
        raise SimulationTrouble(
            f"{shown(path)} is no UTF-8 text: byte {error.start}; save it as UTF-8"
        ) from None


def _refuse_sessions(task: Task) -> None:
    """Their number is for constraints of sessions; --granularity tries such ones."""
    if task.options["sessions"] is None or task.options["granularity"]:
        return
    if all(each.scope != "session" for each in _edited(task).model.constraints):
        raise click.UsageError(
            f"--sessions is for constraints of sessions, and {clean(task.plan.name)} has none:"
            " leave it away, or try one with --what-if, as in 'cache=session'"
        )


Answer = Callable[[Task], "tuple[Report, bool]"]


def _asked(options: Mapping[str, Any]) -> Answer:
    """What answers the question."""
    answers: dict[str, Answer] = {
        "check": _check,
        "size": _size,
        "speedup": _speedup,
        "granularity": _granularity,
    }
    for name, answer in answers.items():
        if options[name]:
            return answer
    is_one = len(_settings(options)) == 1
    return _what_if if options["what_if"] and is_one and not options["plot"] else _sweep


def _sweep(task: Task) -> tuple[Report, bool]:
    """Each setting; Ctrl-C leaves those that are done."""
    chosen = _settings(task.options)
    subject = _edited(task)
    for setting in chosen:
        under(subject, setting)
    points: list[Point] = []
    with suppress(KeyboardInterrupt), _progress(len(chosen)) as step:
        for point in swept(subject, task.run, task.effort, chosen):
            points.append(point)
            step()
    sweep = Sweep(tuple(points), len(chosen), task.options["slo"])
    return sweep, len(points) == len(chosen)


def _size(task: Task) -> tuple[Report, bool]:
    tried: list[Point] = []
    subject = under(_edited(task), _setting(task.options))
    with _progress(None):
        size = sized(subject, task.run, task.effort, task.options["slo"], tried.append)
    return Sized(size, tuple(tried)), True


def _check(task: Task) -> tuple[Report, bool]:
    (profile,) = task.profiles
    with _progress(None):
        prediction = predicted(task.subject, task.run, task.effort, by_route=True)
    return replayed(prediction, profile), True


def _speedup(task: Task) -> tuple[Report, bool]:
    part = task.options["faster"] / 100
    subject = under(_edited(task), _setting(task.options))
    nodes = list(alternatives.faster(subject.model, part))
    ranking, is_whole = _ranking(task, subject, nodes)
    return Ranked("speedup", ranking, f"Each node {task.options['faster']:g}% faster"), is_whole


def _granularity(task: Task) -> tuple[Report, bool]:
    subject = under(_edited(task), _setting(task.options))
    finer = wiring.finer(subject.model, task.program, task.plan)
    for each in finer.left_out:
        click.echo(f"left out: {clean(each)}", err=True)
    ranking, is_whole = _ranking(task, subject, finer.changes)
    return Ranked("granularity", ranking, "Changes of constraints"), is_whole


def _what_if(task: Task) -> tuple[Report, bool]:
    """One setting, with the changes beside the program as it is."""
    name = ", ".join(task.options["what_if"])
    change = Alternative(name, _edit(task))
    subject = under(task.subject, _setting(task.options))
    change.change(subject.model)
    ranking, is_whole = _ranking(task, subject, [change])
    return Ranked("what-if", ranking, "What if", task.options["slo"]), is_whole


def _ranking(task: Task, subject: Subject, changes: Sequence[Alternative]) -> tuple[Ranking, bool]:
    """What each change gains; Ctrl-C leaves those that are done."""
    gains: list[Gain] = []
    with _progress(len(changes) + 1) as step:
        before = alternatives.outcome(subject, task.run, task.effort)
        step()
        with suppress(KeyboardInterrupt):
            for each in changes:
                gains.append(alternatives.gain(subject, task.run, task.effort, each, before))
                step()
    return Ranking(before, alternatives.ordered(gains)), len(gains) == len(changes)


def _edited(task: Task) -> Subject:
    """The subject with the changes of --what-if."""
    return task.subject.changed(_edit(task)) if task.options["what_if"] else task.subject


def _edit(task: Task) -> Callable[[Model], Model]:
    return partial(wiring.edited, changes=task.options["what_if"], program=task.program)


def _settings(options: Mapping[str, Any]) -> list[Setting]:
    """All settings that are asked for."""
    ranges = [options[name] or () for name in ("cpus", "threads", "max_flows", "rate")]
    count = 1
    for each in ranges:
        count *= len(each) or 1
    if count > MOST_SETTINGS:
        raise click.UsageError(
            f"that is {count:,} settings, and the most is {MOST_SETTINGS:,}: take larger steps"
        )
    return settings(*ranges)


def _setting(options: Mapping[str, Any]) -> Setting:
    return _settings(options)[0]


@contextmanager
def _progress(total: int | None) -> Iterator[Callable[[], None]]:
    """Shows on a terminal how much is done; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=total or 1, label="simulating", file=sys.stderr) as bar:
        yield lambda: bar.update(1 if total else 0)


def _written(report: Report, form: str, output: Path | None) -> str | bytes:
    """Each format is loaded when it is wanted."""
    if form == "json":
        from flux.simulation.prediction.reports.data import as_json  # noqa: PLC0415

        return as_json(report)
    if form == "csv":
        from flux.simulation.prediction.reports.csv import as_csv  # noqa: PLC0415

        return as_csv(report)
    from flux.simulation.prediction.reports.text import as_text  # noqa: PLC0415

    return as_text(report, width(), painter(output))


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1

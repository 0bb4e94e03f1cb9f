"""Where what predicts meets what makes models and what runs them; nothing else knows both."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from math import exp
from random import Random
from typing import NamedTuple

from flux.plan.model import Plan
from flux.profile.model import Profile
from flux.profile.text import LANGUAGES
from flux.simulation.calibration.bootstrap import resampled
from flux.simulation.calibration.calibrate import calibrate, check_calls, check_program
from flux.simulation.calibration.loads import calm, warming
from flux.simulation.calibration.served import has_gil
from flux.simulation.calibration.starts import check_alike, check_different, merged, slowed
from flux.simulation.changes.candidates import Candidate, granularity
from flux.simulation.changes.what_if import of_lock, what_if
from flux.simulation.engines.run import simulate
from flux.simulation.errors import SaturatedError, SimulationError
from flux.simulation.model import Model
from flux.simulation.parameters import template as templates
from flux.simulation.parameters.reading import read_parameters
from flux.simulation.prediction.alternatives import Alternative
from flux.simulation.prediction.demands import processors_needed
from flux.simulation.prediction.replications import Subject
from flux.simulation.prediction.running import Engine
from flux.simulation.routes.steps import Routes
from flux.simulation.warming import Warming
from flux.syntax.declarations import Program


class Finer(NamedTuple):
    """Changes of constraints that can be tried, and why others can't."""

    changes: tuple[Alternative, ...]
    left_out: tuple[str, ...]


def engine() -> Engine:
    """What simulates."""
    return Engine(simulate, SaturatedError)


def troubles() -> tuple[type[Exception], ...]:
    """What is raised for input that can't be simulated; its text names the place and what helps."""
    return (SimulationError,)


def template(plan: Plan) -> str:
    """Parameters of a program to be filled in, as TOML."""
    return templates.template(plan)


def by_hand(text: str, plan: Plan, name: str) -> Subject:
    """The model of parameters that were written by hand; `name` is their file's."""
    return Subject(read_parameters(text, plan, name))


def measured(
    profiles: Sequence[Profile], plan: Plan, names: Sequence[str], sessions: int | None
) -> Subject:
    """The model of a profiled server, and those of profiles that it might have had as well.

    Of several profiles each is of another start of the server, and some may be at a higher load;
    `names` are theirs.
    """
    check_alike(profiles, names)
    check_different(profiles, names)
    routes = Routes(plan)
    for each, name in zip(profiles, names, strict=True):
        check_program(each, routes, name)
        check_calls(each, routes, name)
    warms, differ = warming(profiles)
    lowest = calm(profiles)
    names = [name for name, each in zip(names, profiles, strict=True) if each in lowest]
    name = " and ".join(names)
    calibrated = partial(calibrate, routes=routes, name=name, sessions=sessions)
    profile = merged(lowest, names)
    found = calibrated(profile)
    check_calls(profile, routes, name)

    @cache
    def drawn(seed: int) -> Model:
        random = Random(seed)  # noqa: S311 - nothing secret
        model = calibrated(resampled(profile, random)).model
        return slowed(model, exp(random.gauss(0.0, differ))) if differ else model

    subject = Subject(found.model, drawn, tuple(found.warnings))
    return subject if warms is None else replace(subject, adapted=partial(_warmed, warms))


def check_lock(changes: Sequence[str], profiles: Sequence[Profile], names: Sequence[str]) -> None:
    """See that changes are of Python's lock only if the profiled server has it.

    Raises:
        SimulationError: One is of it, and a server's nodes aren't in Python.
    """
    for text in of_lock(changes):
        for profile, name in zip(profiles, names, strict=True):
            if not has_gil(profile.server):
                language = LANGUAGES.get(profile.server.target, profile.server.target)
                raise SimulationError(
                    f"what if '{text}': {name} is of a server in {language}, where nothing needs"
                    " Python's lock: leave it away"
                )


def _warmed(warms: Warming, model: Model, seed: int | None) -> Model:
    """The model at its load: with clients that always wait for a flow, all is in use."""
    if seed is not None:
        random = Random(f"warming {seed}")  # noqa: S311 - nothing secret
        warms = replace(warms, slope=random.gauss(warms.slope, warms.error))
    return slowed(model, warms.factor(warms.use(processors_needed(model))))


def edited(model: Model, changes: Sequence[str], program: Program) -> Model:
    """A model after changes such as `cache=reader` or `Compress*0.75`."""
    return what_if(model, changes, program)


def finer(model: Model, program: Program, plan: Plan) -> Finer:
    """Constraints that could exclude fewer flows, each with the edits of the program's text."""
    changes, left_out = [], []
    for each in granularity(program, plan):
        change = partial(edited, changes=[each.change], program=program)
        try:
            change(model)
        except troubles() as error:
            left_out.append(f"{each.change}: {error}")
        else:
            changes.append(Alternative(each.change, change, "\n".join(_texts(each))))
    return Finer(tuple(changes), tuple(left_out))


def _texts(candidate: Candidate) -> list[str]:
    """The edits, as lines: what a statement was and what it becomes; and what that needs."""
    lines = []
    for edit in candidate.edits:
        lines += [f"line {edit.line}: {edit.old}", f"  becomes {edit.new or 'nothing'}"]
    return [*lines, f"needs: {candidate.needs}"] if candidate.needs else lines

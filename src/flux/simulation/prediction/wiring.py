"""Where what predicts meets what makes models and what runs them; nothing else knows both.

What is named here is imported when it is used, for engines and calibration take a while to load.
"""

from collections.abc import Sequence
from functools import cache, partial
from importlib import import_module
from random import Random
from typing import Any, NamedTuple

from flux.plan.model import Plan
from flux.profile.model import Profile
from flux.simulation.model import Model
from flux.simulation.prediction.alternatives import Alternative
from flux.simulation.prediction.replications import Subject
from flux.simulation.prediction.running import Engine
from flux.syntax.declarations import Program


class Finer(NamedTuple):
    """Changes of constraints that can be tried, and why others can't."""

    changes: tuple[Alternative, ...]
    left_out: tuple[str, ...]


def engine() -> Engine:
    """What simulates."""
    return Engine(_named("run", "simulate"), _named("errors", "SaturatedError"))


def troubles() -> tuple[type[Exception], ...]:
    """What is raised for input that can't be simulated; its text names the place and what helps."""
    return (_named("errors", "SimulationError"),)


def template(plan: Plan) -> str:
    """Parameters of a program to be filled in, as TOML."""
    return str(_named("template", "template")(plan))


def by_hand(text: str, plan: Plan, name: str) -> Subject:
    """The model of parameters that were written by hand; `name` is their file's."""
    return Subject(_named("parameters", "read_parameters")(text, plan, name=name))


def measured(profile: Profile, plan: Plan, name: str, sessions: int | None) -> Subject:
    """The model of a profiled server, and those of profiles that it might have had as well."""
    calibrate, resampled = _named("calibration", "calibrate"), _named("bootstrap", "resampled")
    routes = _named("routes", "Routes")(plan)
    calibrated = partial(calibrate, routes=routes, name=name, sessions=sessions)
    found = calibrated(profile)

    @cache
    def drawn(seed: int) -> Model:
        random = Random(seed)  # noqa: S311 - nothing secret
        model: Model = calibrated(resampled(profile, random)).model
        return model

    return Subject(found.model, drawn, tuple(found.warnings))


def edited(model: Model, changes: Sequence[str], program: Program) -> Model:
    """A model after changes such as `cache=reader` or `Compress*0.75`."""
    changed: Model = _named("what_if", "what_if")(model, changes, program)
    return changed


def finer(model: Model, program: Program, plan: Plan) -> Finer:
    """Constraints that could exclude fewer flows, each with the edits of the program's text."""
    changes, left_out = [], []
    for each in _named("candidates", "granularity")(program, plan):
        change = partial(edited, changes=[each.change], program=program)
        try:
            change(model)
        except troubles() as error:
            left_out.append(f"{each.change}: {error}")
        else:
            changes.append(Alternative(each.change, change, "\n".join(_texts(each))))
    return Finer(tuple(changes), tuple(left_out))


def _texts(candidate: Any) -> list[str]:  # noqa: ANN401 - not a type of this package
    """The edits, as lines: what a statement was and what it becomes; and what that needs."""
    lines = []
    for edit in candidate.edits:
        lines += [f"line {edit.line}: {edit.old}", f"  becomes {edit.new or 'nothing'}"]
    return [*lines, f"needs: {candidate.needs}"] if candidate.needs else lines


def _named(module: str, name: str) -> Any:  # noqa: ANN401 - classes and functions
    return getattr(import_module(f"flux.simulation.{module}"), name)

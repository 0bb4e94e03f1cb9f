"""Other programs and machines, said in a few words each.

    Compress*0.75           calls of Compress take three quarters of the time (.cpu or .io: of that)
    Compress.gil=0.2        a fifth of its processor time needs Python's lock
    cache=reader            all that take the constraint are readers; or writer, session, program
    CheckCache:cache=reader one node is, as if the program said so
    no cache                nobody takes it
    threads=32              and processors, max_flows, sessions, runtime, discipline, policy, wakeup
    rate=500                flows come at this rate, by chance; clients=20: so many wait for theirs

A change of one node's constraints is an edit of the program, checked and lowered anew; it needs the
program's text. All other changes are of the model: a constraint of sessions keeps its place in the
order of taking, which Flux would put behind those of the program.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from flux.simulation.arithmetic import scaled
from flux.simulation.changes.edits import CHANGES, Change, declaring, edited, planned, rerouted
from flux.simulation.changes.settings import SETTINGS
from flux.simulation.changes.words import Words
from flux.simulation.errors import SimulationError
from flux.simulation.model import Function, Give, Mode, Model, Route, Scope, Step, Take
from flux.syntax.declarations import Program

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_SCALE = re.compile(rf"({_NAME})(?:\.(cpu|io))?\s*\*\s*(\S+)")
_LOCKED = re.compile(rf"({_NAME})\.gil\s*=\s*(\S+)")
_GONE = re.compile(rf"no\s+({_NAME})")
_NODE = re.compile(rf"({_NAME})\s*:\s*({_NAME})\s*=\s*(\S+)")
_SET = re.compile(rf"({_NAME})\s*=\s*(\S+)")
_SESSIONS = re.compile(r"sessions\s*=\s*[0-9]+")
_FORMS = (
    "write one such as 'Compress*0.75', 'cache=reader', 'CheckCache:cache=reader', 'no cache' or"
    " 'threads=32'"
)
_MOST_FACTOR = 1e6


def what_if(model: Model, changes: Iterable[str], program: Program | None = None) -> Model:
    """A model after some changes, each of which may be several with commas in between.

    Raises:
        SimulationError: One names what isn't there, or can't be read.
    """
    texts = _parts(changes)
    for text in texts:
        if _NODE.fullmatch(text):
            program, model = _at_node(model, Words(text), program)
    for text in texts:
        if not _NODE.fullmatch(text):
            model = _changed(model, Words(text))
    _check_whole(model, texts)
    return model


def of_lock(changes: Iterable[str]) -> list[str]:
    """Those of the changes that say which part of processor time needs Python's lock."""
    return [text for text in _parts(changes) if _LOCKED.fullmatch(text)]


def _parts(changes: Iterable[str]) -> list[str]:
    return [part.strip() for change in changes for part in change.split(",")]


def _at_node(model: Model, words: Words, program: Program | None) -> tuple[Program | None, Model]:
    found = _NODE.fullmatch(words.text)
    if program is None or found is None:
        raise words.error("this needs the program's text")
    node, name, value = found.groups()
    words.known("constraint", name, [each.name for each in model.constraints])
    words.known(f"node that declares `{name}`", node, declaring(program, name))
    changed = edited(program, name, words.choice(value, CHANGES), node)
    try:
        return changed, rerouted(model, planned(changed, model.program))
    except SimulationError as error:
        raise words.error(str(error)) from None


def _changed(model: Model, words: Words) -> Model:
    if found := _SCALE.fullmatch(words.text):
        return _scaled(model, words, *found.groups())
    if found := _LOCKED.fullmatch(words.text):
        return _locked(model, words, *found.groups())
    if found := _GONE.fullmatch(words.text):
        return _constrained(model, words, found[1], "none")
    if found := _SET.fullmatch(words.text):
        return _set(model, words, found[1], found[2])
    raise words.error(f"this can't be read: {_FORMS}")


def _scaled(model: Model, words: Words, name: str, part: str | None, factor: str) -> Model:
    place = words.known("function", name, [each.name for each in model.functions])
    by = words.number(factor, _MOST_FACTOR)
    functions = list(model.functions)
    functions[place] = _faster(functions[place], part, by)
    return replace(model, functions=tuple(functions))


def _locked(model: Model, words: Words, name: str, part: str) -> Model:
    place = words.known("function", name, [each.name for each in model.functions])
    functions = list(model.functions)
    functions[place] = replace(functions[place], gil=words.part(part))
    return replace(model, functions=tuple(functions))


def _faster(function: Function, part: str | None, by: float) -> Function:
    cpu = function.cpu if part == "io" else scaled(function.cpu, by)
    io = function.io if part == "cpu" else scaled(function.io, by)
    return replace(function, cpu=cpu, io=io)


def _set(model: Model, words: Words, name: str, value: str) -> Model:
    constraints = [each.name for each in model.constraints]
    if name in constraints and value in CHANGES:
        return _constrained(model, words, name, value)
    if name in SETTINGS:
        return SETTINGS[name](model, words, value)
    if name in constraints:
        words.choice(value, CHANGES)
    words.known("constraint or setting", name, [*constraints, *SETTINGS])
    raise AssertionError(name)


def _constrained(model: Model, words: Words, name: str, change: Change) -> Model:
    place = words.known("constraint", name, [each.name for each in model.constraints])
    match change:
        case "none":
            return _on_steps(model, lambda step: None if _is_of(step, place) else step)
        case "reader" | "writer":
            return _on_steps(model, lambda step: _in_mode(step, place, change))
        case _:
            return _in_scope(model, place, change)


def _in_scope(model: Model, place: int, scope: Scope) -> Model:
    constraints = list(model.constraints)
    constraints[place] = replace(constraints[place], scope=scope)
    return replace(model, constraints=tuple(constraints))


def _is_of(step: Step, place: int) -> bool:
    return isinstance(step, Take | Give) and step.constraint == place


def _in_mode(step: Step, place: int, mode: Mode) -> Step:
    if isinstance(step, Take | Give) and step.constraint == place:
        return replace(step, mode=mode)
    return step


def _on_steps(model: Model, change: Callable[[Step], Step | None]) -> Model:
    sources = tuple(
        replace(source, routes=tuple(_route(route, change) for route in source.routes))
        for source in model.sources
    )
    return replace(model, sources=sources)


def _route(route: Route, change: Callable[[Step], Step | None]) -> Route:
    steps = tuple(step for step in map(change, route.steps) if step is not None)
    return replace(route, steps=steps)


def _check_whole(model: Model, texts: Sequence[str]) -> None:
    """One session would be the same as none, and constraints of the program ask for none."""
    scoped = [each.name for each in model.constraints if each.scope == "session"]
    sessions = [text for text in texts if _SESSIONS.fullmatch(text)]
    if scoped and model.sessions == 1 and not sessions:
        raise SimulationError(
            f"`{scoped[0]}` would be a constraint of sessions: say how many there are, as in"
            " 'sessions=100'"
        )
    if sessions and not scoped:
        raise Words(sessions[0]).error(
            "no constraint is one of sessions: leave it away, or make one so, as in 'cache=session'"
        )

"""What a path's number says against what generated programs do on it."""

import re
from typing import NamedTuple

import pytest

from flux.api import LoadedProgram
from flux.conformance import BEHAVIOURS, stage
from flux.conformance.carrier import compiled
from flux.conformance.script import Signals
from flux.runtime.constraints import Constraints
from flux.runtime.errors import SourceEnded
from flux.runtime.flow import Flow
from flux.runtime.nodes import Nodes
from flux.simulation.model import Run, Take
from flux.simulation.routes.events import Called, Given, Taken
from flux.simulation.routes.paths import Paths
from flux.simulation.routes.steps import Routes

MOST_TURNS = 100


class Recorder:
    """What happens in one flow at a time, as the observer of a program sees it."""

    def __init__(self):
        self.events = []

    def observe(self, kind, name, bearer):
        if kind in {"node", "predicate", "session"}:
            return self._calling(kind, name, bearer)
        acquire, release = bearer
        mark = "?" if kind.endswith("reader") else ""
        session = "(session)" if kind.startswith("session") else ""
        written = f"{name}{mark}{session}"
        return self._before(f"+{written}", acquire), self._before(f"-{written}", release)

    def _before(self, event, function):
        def seen(*inputs):
            self.events.append(event)
            function(*inputs)

        return seen

    def _calling(self, kind, name, function):
        def seen(*inputs):
            place = len(self.events)
            self.events.append(f"{kind} {name}!")
            outputs = function(*inputs)
            self.events[place] = f"{kind} {name}"
            return outputs

        return seen


def told(event):
    """An event as the recorder writes it."""
    match event:
        case Called(kind=kind, name=name, failed=failed):
            return f"{'node' if kind == 'opening' else kind} {name}{'!' if failed else ''}"
        case Taken(take=take):
            return f"+{take}"
        case Given(take=take):
            return f"-{take}"


class Taking(NamedTuple):
    """A path that a flow or a failed turn took, and what happened."""

    source: str
    number: int
    events: list
    starts: bool


def runs(behaviour):
    """What each flow and each failed turn did, one after the other."""
    compilation, plan = compiled(behaviour)
    played = stage.Stage(behaviour.nodes)
    implementation = played.implementation(plan)
    server = LoadedProgram(compilation, implementation, "python").server()
    recorder = Recorder()
    observe = recorder.observe
    program = server._program(Nodes(implementation, observe), Constraints(observe))
    found = []
    for source in program.sources:
        for _ in range(MOST_TURNS):
            flow, error = Flow(), None
            recorder.events = []
            try:
                output = source.turn(flow)
                flow.turn, flow.path = flow.path, 0
                source.flow(flow, *source.inputs(output))
            except SourceEnded:
                break
            except BaseException as caught:  # noqa: BLE001 - whatever a script raises
                error = caught
            number = server.paths.number(source, flow, error)
            if number is not None:
                found.append(Taking(source.name, number, recorder.events, flow.turn is not None))
    return plan, found


def signals(actions):
    match actions:
        case Signals():
            return True
        case dict():
            return any(map(signals, actions.values()))
        case list() | tuple():
            return any(map(signals, actions))
        case _:
            return False


def word(routes, step):
    """A step of a route as a word."""
    if isinstance(step, Run):
        return routes.functions[step.function]
    mark = "?" if step.mode == "reader" else ""
    sign = "+" if isinstance(step, Take) else "-"
    return f"{sign}{routes.constraints[step.constraint].name}{mark}"


KNOWN = {}


def runs_of(behaviour):
    """The same, acted out once."""
    if behaviour.name not in KNOWN:
        KNOWN[behaviour.name] = runs(behaviour)
    return KNOWN[behaviour.name]


ACTED = [each for each in BEHAVIOURS if not signals(dict(each.nodes))]
NAMES = [each.name for each in ACTED]


@pytest.fixture(autouse=True)
def impatience(monkeypatch):
    """Who waits for another flow fails at once: there is only one at a time."""
    monkeypatch.setattr(stage, "LONG_TIME", 0.0)
    monkeypatch.setattr(stage, "MOMENT", 0.0)


@pytest.mark.parametrize("behaviour", ACTED, ids=NAMES)
def test_events_of_a_path_are_those_of_a_run_that_took_it(behaviour):
    plan, found = runs_of(behaviour)
    paths = Paths(plan)
    for taking in found:
        way = paths.way(taking.source, taking.number)
        assert [told(event) for event in way.events] == taking.events


@pytest.mark.parametrize("behaviour", ACTED, ids=NAMES)
def test_steps_of_a_route_are_what_a_run_did_behind_the_opening_of_its_turn(behaviour):
    plan, found = runs_of(behaviour)
    routes = Routes(plan)
    for taking in found:
        opening = routes.paths.loops[taking.source].opening
        behind = taking.events.index(f"node {opening}") + 1 if taking.starts and opening else 0
        if taking.starts and not any(event[0] == "+" for event in taking.events[:behind]):
            route = routes.route(taking.source, taking.number, 1.0)
            expected = [re.sub(r"\(session\)|!$|^[a-z]+ ", "", e) for e in taking.events[behind:]]
            assert [word(routes, step) for step in route.steps] == expected


@pytest.mark.parametrize("behaviour", ACTED, ids=NAMES)
def test_path_of_a_failed_turn_starts_no_flow(behaviour):
    plan, found = runs_of(behaviour)
    paths = Paths(plan)
    for taking in found:
        assert paths.starts(taking.source, taking.number) == taking.starts


def test_runs_took_paths_of_every_kind():
    takings = [taking for each in ACTED for taking in runs_of(each)[1]]
    assert len(takings) > 300
    assert any("+" in event for taking in takings for event in taking.events)
    assert not all(taking.starts for taking in takings)

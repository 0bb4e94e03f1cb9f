"""What a path's number says against what generated programs do on it."""

import pytest

from flux.api import LoadedProgram
from flux.conformance import BEHAVIOURS, stage
from flux.conformance.carrier import compiled
from flux.conformance.script import Signals
from flux.runtime.constraints import Constraints
from flux.runtime.errors import SourceEnded
from flux.runtime.flow import Flow
from flux.runtime.nodes import Nodes
from flux.simulation.events import Called, Given, Taken
from flux.simulation.paths import Paths

MOST_TURNS = 100


class Recorder:
    """What happens in one flow at a time, as the observer of a program sees it."""

    def __init__(self, openings):
        self.openings = openings
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


def runs(behaviour):
    """The source, path and events of each flow and each failed turn, one after the other."""
    compilation, plan = compiled(behaviour)
    played = stage.Stage(behaviour.nodes)
    implementation = played.implementation(plan)
    server = LoadedProgram(compilation, implementation, "python").server()
    recorder = Recorder({loop.opening for loop in plan.sources})
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
                found.append((source.name, number, recorder.events))
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


ACTED = [each for each in BEHAVIOURS if not signals(dict(each.nodes))]


@pytest.fixture(autouse=True)
def impatience(monkeypatch):
    """Who waits for another flow fails at once: there is only one at a time."""
    monkeypatch.setattr(stage, "LONG_TIME", 0.0)
    monkeypatch.setattr(stage, "MOMENT", 0.0)


@pytest.mark.parametrize("behaviour", ACTED, ids=str)
def test_steps_of_a_path_are_those_of_a_run_that_took_it(behaviour):
    plan, found = runs(behaviour)
    paths = Paths(plan)
    for source, number, events in found:
        assert [told(event) for event in paths.way(source, number).events] == events

"""A program's flows on a runtime of Python, in virtual time, and the same in the simulator.

Both are told when flows come and how long each call takes, and nothing else. From the runtime come
the paths that flows went, the times at which calls began, and the times at which flows ended; the
simulator is given the routes of these paths, as the compiler's Plan has them, and must find the
same times.

The simulator tells only how long flows take. But when a call begins doesn't depend on what comes
later: so a call's beginning is the end of a flow that gives back all it holds there and ends.
"""

import threading
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random
from types import SimpleNamespace

from simulation import virtual

from flux.api import LoadedProgram
from flux.conformance.carrier import compiled
from flux.conformance.script import Fails
from flux.plan.model import Call, Dispatch, Session, walk
from flux.simulation.calibration.served import PATIENCE
from flux.simulation.engines import python
from flux.simulation.model import (
    Function,
    Give,
    Machine,
    Model,
    Recorded,
    Route,
    Run,
    Source,
    Take,
)
from flux.simulation.routes.steps import Routes
from flux.simulation.times import NOTHING, Constant

SESSIONS = 2
PLENTY = 1000
LATER = 1e9


@dataclass(frozen=True)
class Load:
    """Flows by number: when they come, and, by chance but repeatably, how long calls take.

    Times are whole microseconds.
    """

    seed: int
    flows: int
    spread: float = 2.0

    def arrivals(self):
        """When each flow comes, in order."""
        random = Random(f"arrivals {self.seed}")
        return sorted(round(random.uniform(0.0, self.spread), 6) for _ in range(self.flows))

    def service(self, flow, call):
        """How long a flow's call takes, by its number in the flow."""
        return round(Random(f"{self.seed} {flow} {call}").uniform(0.1, 1.0), 6)

    def chance(self, flow, name):
        """What a flow does there: the same in both worlds, for one of them is told by the other."""
        return Random(f"{self.seed} {flow} {name}").random()

    def sessions(self):
        """Those that a simulation with this seed gives to flows, as they come."""
        draw = Random(self.seed).random
        return [int(draw() * SESSIONS) for _ in range(self.flows)]


@dataclass
class Played:
    """What has happened: by flow, (what, when) of calls, when it ended, and its path."""

    calls: dict = field(default_factory=dict)
    ends: dict = field(default_factory=dict)
    paths: dict = field(default_factory=dict)

    def happened(self):
        """All of it in order, what happens at one instant by flow."""
        events = [
            (round(when, 9), flow, what)
            for flow, calls in self.calls.items()
            for what, when in calls
        ]
        events += [(round(when, 9), flow, "ends") for flow, when in self.ends.items()]
        return sorted(events)


class Actors:
    """Functions of a program that take virtual time."""

    def __init__(self, behaviour, plan, load, clock):
        self.played = Played()
        self._scripts = behaviour.nodes
        self._load = load
        self._clock = clock
        self._sessions = load.sessions()
        self._here = threading.local()
        openings = [source.opening for source in plan.sources]
        functions = {
            each.name: self._node(each.name, len(each.signature.outputs)) for each in plan.functions
        }
        for place, name in enumerate(openings):
            mine = range(place, load.flows, len(openings))
            outputs = next(len(f.signature.outputs) for f in plan.functions if f.name == name)
            functions[name] = self._opening(mine, outputs)
        functions |= {each.name: self._predicate(each.name) for each in plan.predicates}
        functions |= {each.name: self._session() for each in plan.sessions}
        self.implementation = SimpleNamespace(**functions)

    def on_end(self, server):
        """Note when a flow ends, and which path it has gone."""

        def ended(flow, source, _outcome, error):
            number = self._here.flow
            self.played.ends[number] = self._clock.now
            self.played.paths[number] = (source.name, server().paths.number(source, flow, error))

        return ended

    def _opening(self, flows, outputs):
        arrivals, mine = self._load.arrivals(), iter(flows)

        def opening():
            number = next(mine)
            self._clock.sleep_until(arrivals[number])
            return number if outputs == 1 else (number,) * outputs

        return opening

    def _call(self, name, flow):
        self._here.flow = flow
        calls = self.played.calls.setdefault(flow, [])
        calls.append((name, self._clock.now))
        self._clock.sleep_until(self._clock.now + self._load.service(flow, len(calls) - 1))

    def _node(self, name, outputs):
        may_fail = fails(self._scripts.get(name))

        def node(flow, *_):
            self._call(name, flow)
            if may_fail and self._load.chance(flow, name) < 0.5:
                raise ValueError(name)
            return (flow if outputs == 1 else (flow,) * outputs) if outputs else None

        return node

    def _predicate(self, name):
        def predicate(flow):
            self._call(name, flow)
            return self._load.chance(flow, name) < 0.5

        return predicate

    def _session(self):
        return lambda flow, *_: self._sessions[flow]


def fails(script):
    """Whether a script lets its node fail."""
    match script:
        case Fails():
            return True
        case dict():
            return any(map(fails, script.values()))
        case list() | tuple():
            return any(map(fails, script))
        case _:
            return False


def play(behaviour, runtime, load):
    """The behaviour's program with other flows and times, on a runtime."""
    compilation, plan = compiled(behaviour)
    options = {**behaviour.options, "drain": 10.0}
    if runtime == "thread":
        options = {key: options[key] for key in options if key not in {"threads", "queue"}}
    expected = len(plan.sources) + (options.setdefault("threads", 3) if runtime == "pool" else 0)
    clock = virtual.Clock(expected)
    actors = Actors(behaviour, plan, load, clock)
    with virtual.installed(clock):
        server = LoadedProgram(compilation, actors.implementation, "python").server(
            runtime=runtime, on_end=actors.on_end(lambda: server), **options
        )
        server.run()
    return actors.played


def plays(behaviour):
    """Whether all that takes time in its flows is told by a path and by when they come.

    A turn that does more than open a flow and ask for its session isn't simulated. Each node must
    know its flow, and a path doesn't tell which of a case's patterns was refused.
    """
    _, plan = compiled(behaviour)
    openings = [source.opening for source in plan.sources]
    turns = {source.turn for source in plan.sources}
    bodies = {each.id: [*walk(each.body)] for each in plan.routines}
    inside = [step for name, steps in bodies.items() if name not in turns for step in steps]
    called = {step.node for step in inside if isinstance(step, Call)}
    cases = [each for step in inside if isinstance(step, Dispatch) for each in step.branches]
    return (
        len(set(openings)) == len(openings)
        and not called & set(openings)
        and all(map(only_opens, (bodies[turn] for turn in turns)))
        and all(
            each.signature.outputs if each.name in openings else each.signature.inputs
            for each in plan.functions
        )
        and all(len(case.tests) < 2 for case in cases)
        and not any(fails(behaviour.nodes.get(name)) for name in openings)
    )


def only_opens(turn):
    """Whether a turn is one call, and maybe the question for the session."""
    steps = [step for step in turn if not isinstance(step, Session)]
    return len(steps) == 1 and isinstance(steps[0], Call)


def model_of(behaviour, runtime, load, played):
    """The same flows as a model, each with a source, a route and functions of its own."""
    routes = Routes(compiled(behaviour)[1])
    sources, functions = [], []
    for flow, arrival in enumerate(load.arrivals()):
        route = routes.route(*played.paths[flow], 1.0)
        steps = tuple(steps_of(routes, route, flow, load, functions))
        way = Route(route.name, 1.0, steps)
        sources.append(Source(str(flow), Recorded((arrival, LATER)), (way,)))
    options = behaviour.options
    machine = Machine(
        processors=1 if runtime == "event" else PLENTY,
        loops=runtime == "event",
        policy="barging",
        patience=PATIENCE,
        threads=options.get("threads", 3) if runtime == "pool" else None,
        max_flows=options.get("max_flows"),
    )
    return Model("played", tuple(sources), tuple(functions), routes.constraints, machine, SESSIONS)


def steps_of(routes, route, flow, load, functions):
    """The steps of a flow, each of whose calls is a function of its own.

    Which session a flow has its source asks, when the flow comes.
    """
    asked, calls = {each.name for each in routes.plan.sessions}, count()
    for step in route.steps:
        if not isinstance(step, Run):
            yield step
        elif routes.functions[step.function] not in asked:
            time = Constant(load.service(flow, next(calls)))
            functions.append(Function(routes.functions[step.function], NOTHING, time))
            yield Run(len(functions) - 1)


def simulated(model, load):
    """The times at which calls begin and flows end, as `Played` has them."""
    found = Played(ends=ends(model, load))
    for flow, source in enumerate(model.sources):
        steps = source.routes[0].steps
        for place, step in enumerate(steps):
            if isinstance(step, Run):
                begins = ends(cut(model, flow, place), load)[flow]
                call = (model.functions[step.function].name, begins)
                found.calls.setdefault(flow, []).append(call)
    return found


def cut(model, flow, place):
    """The model with one flow that gives back all it holds before a step, and ends."""
    source = model.sources[flow]
    steps = source.routes[0].steps[:place]
    held = []
    for step in steps:
        if isinstance(step, Take):
            held.append(Give(step.constraint, step.mode))
        elif isinstance(step, Give):
            held.remove(step)
    route = replace(source.routes[0], steps=(*steps, *held[::-1]))
    sources = list(model.sources)
    sources[flow] = replace(source, routes=(route,))
    return replace(model, sources=tuple(sources))


def ends(model, load):
    """When each flow ends."""
    result = python.simulate(model, load.seed, load.flows, 0)
    arrivals = load.arrivals()
    return {
        flow: arrivals[flow] + latencies.total for flow, (latencies,) in enumerate(result.routes)
    }

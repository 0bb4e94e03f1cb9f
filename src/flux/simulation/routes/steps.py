"""From paths to routes: what of a path is a flow's, as steps of a model.

A flow begins when the opening of its turn has given something. What was taken before that and is
still held around a later call is taken at the beginning; what was given back by then doesn't count.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import dropwhile

from flux.graph.model import Mode, Scope
from flux.plan.contract import as_dict
from flux.plan.model import Call, Handle, Plan, walk
from flux.runtime.ways import Part, Ways
from flux.simulation import model
from flux.simulation.model import Constraint, Give, Route, Run, Step, Take
from flux.simulation.routes.chances import Chances, check_lengths, likely_paths
from flux.simulation.routes.events import Called, Event, Given, Taken, held
from flux.simulation.routes.paths import Paths


class Routes:
    """Makes the routes of one Plan; `functions` and `constraints` are what their steps count."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.paths = Paths(plan)
        self.functions = tuple(function_names(plan))
        self.constraints = tuple(_constraints(plan))
        self._known: dict[tuple[str, int], Route] = {}
        self._names = Ways(as_dict(plan))
        self._function = {name: n for n, name in enumerate(self.functions)}
        self._constraint = {each.name: n for n, each in enumerate(self.constraints)}

    def route(self, source: str, number: int, weight: float) -> Route:
        """A path as a route. Raises IndexError for a number that no path has."""
        known = self._known.get((source, number))
        if known is None:
            way = self.paths.way(source, number)
            steps = tuple(map(self._step, of_flow(way.events)))
            name = self._names.name(source, number)
            known = self._known[source, number] = Route(name, weight, steps, way.outcome, number)
        return replace(known, weight=weight)

    def begins(self, source: str, number: int) -> bool:
        """Whether the opening of a path's turn gives something, so that there is a flow."""
        events = self.paths.way(source, number).events
        opened = (each for each in events if isinstance(each, Called) and each.kind == "opening")
        return not any(each.failed for each in opened)

    def parts(self, source: str, number: int) -> list[Part]:
        """What the name of a path is made of, with the cases on it."""
        return self._names.parts(source, number)

    def likely(self, source: str, chances: Chances) -> tuple[Route, ...]:
        """The routes that are possible, each with its probability.

        Raises:
            SimulationError: There are too many.
        """
        found = likely_paths(self.plan, source, chances)
        return tuple(self.route(source, number, chance) for number, chance in found)

    def check(self, source: str) -> None:
        """Raise a SimulationError if the paths of a source are too long to be simulated."""
        check_lengths(self.plan, source)

    def _step(self, event: Event) -> Step:
        match event:
            case Called(name=name):
                return Run(self._function[name])
            case Taken(take=take):
                return Take(self._constraint[take.constraint], mode_of(take.mode))
            case Given(take=take):
                return Give(self._constraint[take.constraint], mode_of(take.mode))


def of_flow(events: tuple[Event, ...]) -> tuple[Event, ...]:
    """What happens in a flow, without what its turn did before there was one."""
    for place, event in enumerate(events):
        if isinstance(event, Called) and event.kind == "opening":
            takes = held(events[:place])
            behind = tuple(dropwhile(_is_given, events[place + 1 :]))
            kept = len(takes) - (len(events) - place - 1 - len(behind))
            return (*map(Taken, takes[:kept]), *behind)
    return events


def _is_given(event: Event) -> bool:
    return isinstance(event, Given)


def function_names(plan: Plan) -> Iterator[str]:
    """Functions that flows call, in the plan's order: all but those that only open turns."""
    called = _called(plan)
    names = [each.name for each in plan.functions if each.name in called]
    names += [each.name for each in plan.predicates]
    names += [each.name for each in plan.sessions]
    return iter(dict.fromkeys(names))


def _called(plan: Plan) -> set[str]:
    found: set[str] = set()
    for routine in plan.routines:
        for step in walk(routine.body):
            match step:
                case Call(routine=None, opens=None, node=node):
                    found.add(node)
                case Handle(routine=None, handler=handler):
                    found.add(handler)
                case _:
                    pass
    return found


def _constraints(plan: Plan) -> Iterator[Constraint]:
    """Each constraint once, in whatever modes it is taken."""
    scopes: Mapping[str, Scope] = {take.constraint: take.scope for take in plan.constraints}
    for name, scope in scopes.items():
        yield Constraint(name, "session" if scope is Scope.SESSION else "program")


def mode_of(mode: Mode) -> model.Mode:
    """A mode as models have it."""
    return "reader" if mode is Mode.READER else "writer"

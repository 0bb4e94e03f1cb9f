"""Files of parameters to models; `flux.simulation.parameters.template` writes such files.

A file is TOML. It says of each source when its flows come, of each function how long it takes and
how often it fails, how probable the cases are, and what machine carries the flows. All mistakes are
found at once: what is wrong is read as something harmless, and told at the end.
"""

import re
import tomllib
from ast import literal_eval
from collections.abc import Mapping
from math import isclose

from flux.plan.model import Dispatch, Plan, walk
from flux.simulation.errors import SimulationError
from flux.simulation.model import Function, Model, Route, Source
from flux.simulation.parameters.arriving import read_arrivals
from flux.simulation.parameters.distributions import read_time
from flux.simulation.parameters.hardware import read_machine
from flux.simulation.parameters.mistakes import Key, Mistakes, dotted
from flux.simulation.routes.chances import MOST_ROUTES, NO_MATCH, Chances, case_name
from flux.simulation.routes.steps import Routes
from flux.simulation.times import NOTHING

TABLES = ("sessions", "machine", "sources", "functions", "cases")
FUNCTION = ("cpu", "io", "errors", "gil")
MOST_SESSIONS = 1_000_000_000
MOST_DIGITS = 80
NEARLY = 1e-6
"""By how much the probabilities of cases may miss 1."""


def read_parameters(text: str, plan: Plan, name: str) -> Model:
    """The model that a file describes; `name` is what messages call the file.

    Raises:
        SimulationError: It has mistakes; a line for each, with its place and a remedy.
    """
    mistakes = Mistakes(name, text)
    reader = _Reader(mistakes, _parsed(text, name), Routes(plan))
    model = reader.model()
    mistakes.check()
    return model


def _parsed(text: str, name: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SimulationError(_no_toml(str(error), text, name)) from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise SimulationError(f"{name}: a number in it is too long to be read") from None
    except RecursionError:
        raise SimulationError(f"{name}: this is nested too deeply") from None


def _no_toml(message: str, text: str, name: str) -> str:
    place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)", message)
    said = message[: place.start()] if place else message
    said = re.sub(r"\((?:'[^']*',? ?)+\)", lambda key: f"`{dotted(literal_eval(key[0]))}`", said)
    where = f"{place[1]}:{place[2]}" if place and place[1] else str(text.count("\n") + 1)
    return f"{name}:{where}: this is no TOML: {said[:1].lower()}{said[1:]}"


class _Reader:
    """Reads the tables of one file for one program."""

    def __init__(self, mistakes: Mistakes, tables: Mapping[str, object], routes: Routes) -> None:
        self._mistakes = mistakes
        self._routes = routes
        self._sources = self._named(tables, "sources", list(routes.paths.loops))
        self._functions = self._named(tables, "functions", routes.functions)
        self._cases = tables.get("cases", {})
        self._machine = tables.get("machine", {})
        self._sessions = tables.get("sessions")
        mistakes.known((), tables, TABLES)

    def model(self) -> Model:
        """All that the file says."""
        gil, machine = read_machine(self._mistakes, self._machine)
        functions = tuple(self._function(name, gil=gil) for name in self._routes.functions)
        chances = Chances(self._all_cases(), self._errors())
        return Model(
            program=self._routes.plan.name,
            sources=self._all_sources(chances),
            functions=functions,
            constraints=self._routes.constraints,
            machine=machine,
            sessions=self._all_sessions(),
        )

    def _named(
        self, tables: Mapping[str, object], kind: str, names: "tuple[str, ...] | list[str]"
    ) -> dict[str, Mapping[str, object]]:
        """The tables of sources, or of functions; each has to be there, and no other."""
        table = self._mistakes.table((kind,), tables.get(kind, {}))
        self._only_known(kind, table, names)
        for name in names:
            if name not in table:
                self._mistakes.add((kind,), f"`{name}` is missing: say [{kind}.{name}]")
        return {
            name: self._mistakes.table((kind, name), table[name]) for name in names if name in table
        }

    def _only_known(
        self, kind: str, table: Mapping[str, object], names: "tuple[str, ...] | list[str]"
    ) -> None:
        openings = {loop.opening for loop in self._routes.paths.loops.values()} - set(names)
        for name in table:
            if kind == "functions" and name in openings:
                self._mistakes.add(
                    (kind, name),
                    f"`{name}` only begins turns, and no flow calls it: leave it out",
                )
        rest = {name: value for name, value in table.items() if name not in openings}
        self._mistakes.known((kind,), rest, names)

    def _all_sources(self, chances: Chances) -> tuple[Source, ...]:
        found = [self._source(name, chances) for name in self._routes.paths.loops]
        sources = tuple(source for source in found if source is not None)
        if not sources:
            self._mistakes.add(("sources",), "no flow would ever come: give a rate above 0")
        return sources

    def _source(self, name: str, chances: Chances) -> Source | None:
        key, table = ("sources", name), self._sources.get(name, {})
        arrivals = read_arrivals(self._mistakes, key, table, present=name in self._sources)
        if "paths" in table:
            routes = self._paths(name, table["paths"])
        else:
            routes = self._likely(name, chances)
        spreads = self._mistakes.truth((*key, "spreads"), table.get("spreads", False))
        return Source(name, arrivals, routes, spreads) if arrivals is not None else None

    def _likely(self, name: str, chances: Chances) -> tuple[Route, ...]:
        try:
            return self._routes.likely(name, chances)
        except SimulationError as error:
            self._mistakes.add(("sources", name), str(error))
            return ()

    def _paths(self, source: str, value: object) -> tuple[Route, ...]:
        key = ("sources", source, "paths")
        table = self._mistakes.table(key, value)
        if not self._can_be_followed(source):
            return ()
        if len(table) > MOST_ROUTES:
            self._mistakes.add(
                key, f"these are more than {MOST_ROUTES:,} paths: leave out the rare"
            )
            return ()
        found = [self._path(source, number, table[number]) for number in table]
        routes = tuple(route for route in found if route is not None and route.weight)
        if table and not routes:
            self._mistakes.add(key, "no path is ever taken: give one a weight above 0")
        if not table and isinstance(value, dict):
            self._mistakes.add(key, "it is empty: list paths by number, or leave it out")
        return routes

    def _can_be_followed(self, source: str) -> bool:
        try:
            self._routes.check(source)
        except SimulationError as error:
            self._mistakes.add(("sources", source), str(error))
            return False
        return True

    def _path(self, source: str, number: str, weight: object) -> Route | None:
        key = ("sources", source, "paths", number)
        value = self._mistakes.number(key, weight)
        most = self._routes.paths.loops[source].ways.total - 1
        digits = number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS
        if not digits or int(number) > most:
            self._mistakes.add(
                key,
                f"no path has this number: those of `{source}` are 0 to {most}, as `flux paths`"
                " lists them",
            )
            return None
        if not self._routes.begins(source, int(number)):
            self._mistakes.add(key, "no flow takes this path: its turn fails at once; leave it out")
        return self._routes.route(source, int(number), value)

    def _function(self, name: str, *, gil: bool) -> Function:
        key, table = ("functions", name), self._functions.get(name)
        if table is None:
            return Function(name, NOTHING)
        self._mistakes.known(key, table, FUNCTION)
        if "cpu" not in table:
            self._mistakes.add(key, 'its processor time is missing: say cpu = "1ms", for example')
        return Function(
            name,
            read_time(self._mistakes, (*key, "cpu"), table.get("cpu", "0s")),
            read_time(self._mistakes, (*key, "io"), table.get("io", "0s")),
            self._mistakes.part((*key, "gil"), table.get("gil", gil)),
        )

    def _errors(self) -> dict[str, float]:
        return {
            name: self._mistakes.number(
                ("functions", name, "errors"), table.get("errors", 0.0), 0.0, 1.0
            )
            for name, table in self._functions.items()
        }

    def _all_cases(self) -> dict[str, Mapping[str, float]]:
        table = self._mistakes.table(("cases",), self._cases)
        known = cases_of(self._routes.plan)
        self._mistakes.known(("cases",), table, known)
        return {node: self._cases_of(node, table, names) for node, names in known.items()}

    def _cases_of(
        self, node: str, tables: Mapping[str, object], names: tuple[str, ...]
    ) -> Mapping[str, float]:
        key = ("cases", node)
        if node not in tables:
            if not self._all_have_paths():
                self._mistakes.add(("cases",), f"`{node}` is missing: say [cases.{node}]")
            return dict.fromkeys(names[:1], 1.0)
        table = self._mistakes.table(key, tables[node])
        self._mistakes.known(key, table, names)
        found = {
            name: self._mistakes.number((*key, name), table[name], 0.0, 1.0)
            for name in names
            if name in table
        }
        self._check_sum(key, list(found.values()))
        return found

    def _check_sum(self, key: Key, chances: list[float]) -> None:
        if not isclose(sum(chances), 1.0, rel_tol=0, abs_tol=NEARLY):
            self._mistakes.add(
                key,
                f"the probabilities add up to {sum(chances):.7g}: make them add up to 1",
            )

    def _all_have_paths(self) -> bool:
        return all("paths" in table for table in self._sources.values())

    def _all_sessions(self) -> int:
        scoped = [each.name for each in self._routes.constraints if each.scope == "session"]
        if self._sessions is not None:
            return self._mistakes.count(("sessions",), self._sessions, 1, MOST_SESSIONS)
        if scoped:
            self._mistakes.add(
                (),
                f"`sessions` is missing: `{scoped[0]}` is a constraint of sessions; say how many"
                " there are, as in sessions = 100, before the first table",
            )
        return 1


def cases_of(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The cases of each node that has any, by their texts; and no match, where that is possible."""
    found: dict[str, tuple[str, ...]] = {}
    for routine in plan.routines:
        for step in walk(routine.body):
            if isinstance(step, Dispatch):
                names = tuple(case_name(branch) for branch in step.branches)
                found[step.node] = names if step.no_match is None else (*names, NO_MATCH)
    return found

"""Changes of what nodes declare, as edits of the program's constraint statements.

A constraint that one node takes otherwise may change what others take early, so the edited program
is checked and lowered anew. Paths keep their numbers: these don't depend on constraints.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from flux.diagnostics import Level
from flux.graph.check import check
from flux.plan.lower import lower
from flux.plan.model import Plan
from flux.simulation.errors import SimulationError
from flux.simulation.model import Model, Source
from flux.simulation.routes.steps import Routes
from flux.syntax.declarations import ConstraintDecl, LockDecl, Program, Statement

Change = Literal["reader", "writer", "session", "program", "none"]
CHANGES: tuple[Change, ...] = get_args(Change)


@dataclass(frozen=True, slots=True)
class Edit:
    """A statement before and after; `new` is empty where it goes."""

    line: int
    old: str
    new: str


def edits_of(program: Program, constraint: str, change: Change, node: str = "") -> tuple[Edit, ...]:
    """What to edit to change a constraint of one node, or of all of them."""
    edits = []
    for statement in program.statements:
        if isinstance(statement, ConstraintDecl):
            locks = _changed(statement, constraint, change, node)
            if locks != statement.locks:
                line = statement.node.span.line
                edits.append(Edit(line, _text(statement, statement.locks), _text(statement, locks)))
    return tuple(edits)


def edited(program: Program, constraint: str, change: Change, node: str = "") -> Program:
    """The program after that."""
    statements = tuple(_statements(program.statements, constraint, change, node))
    return replace(program, statements=statements)


def declaring(program: Program, constraint: str) -> tuple[str, ...]:
    """The nodes that declare a constraint, in the order of the text."""
    found = (
        statement.node.text
        for statement in program.statements
        if isinstance(statement, ConstraintDecl)
        and any(lock.name.text == constraint for lock in statement.locks)
    )
    return tuple(dict.fromkeys(found))


def planned(program: Program, name: str) -> Plan:
    """The plan of an edited program.

    Raises:
        SimulationError: It has a mistake that the program didn't have before.
    """
    graph, locking, found = check(program)
    errors = [each for each in found if each.level is Level.ERROR]
    if errors:
        help_ = f"; {errors[0].help}" if errors[0].help else ""
        raise SimulationError(f"{errors[0].message}{help_}")
    return lower(graph, locking, name)


def rerouted(model: Model, plan: Plan) -> Model:
    """A model with the steps of another plan, whose paths have the same numbers.

    Raises:
        SimulationError: A route of the model wasn't made for a path.
    """
    routes = Routes(plan)
    sources = tuple(_rerouted(source, routes) for source in model.sources)
    return replace(model, sources=sources, constraints=routes.constraints)


def _rerouted(source: Source, routes: Routes) -> Source:
    steps = []
    for route in source.routes:
        if route.path is None:
            raise SimulationError(f"the route {route.name} wasn't made for a path, so it stays")
        steps.append(routes.route(source.name, route.path, route.weight))
    return replace(source, routes=tuple(steps))


def _statements(
    statements: Sequence[Statement], constraint: str, change: Change, node: str
) -> Iterator[Statement]:
    for statement in statements:
        if not isinstance(statement, ConstraintDecl):
            yield statement
        elif locks := _changed(statement, constraint, change, node):
            yield replace(statement, locks=locks)


def _changed(
    statement: ConstraintDecl, constraint: str, change: Change, node: str
) -> tuple[LockDecl, ...]:
    if node not in {"", statement.node.text}:
        return statement.locks
    return tuple(
        _lock(lock, change) if lock.name.text == constraint else lock
        for lock in statement.locks
        if lock.name.text != constraint or change != "none"
    )


def _lock(lock: LockDecl, change: Change) -> LockDecl:
    match change:
        case "reader":
            return replace(lock, mark="?")
        case "writer":
            return replace(lock, mark="!" if lock.mark == "!" else "")
        case "session":
            return replace(lock, scope="session")
        case _:
            return replace(lock, scope="program" if lock.scope == "program" else "")


def _text(statement: ConstraintDecl, locks: Sequence[LockDecl]) -> str:
    listed = ", ".join(f"{lock.name}{lock.mark}{_scope(lock)}" for lock in locks)
    return f"constraint {statement.node}:{{{listed}}};" if locks else ""


def _scope(lock: LockDecl) -> str:
    return f"({lock.scope})" if lock.scope else ""

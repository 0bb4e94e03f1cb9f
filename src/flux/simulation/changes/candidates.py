"""What may be worth trying: smaller constraints, with the edit for each."""

from collections.abc import Iterator
from dataclasses import dataclass

from flux.graph.model import Mode
from flux.plan.model import Plan
from flux.simulation.changes.edits import Change, Edit, declaring, edited, edits_of, planned
from flux.simulation.errors import SimulationError
from flux.syntax.declarations import Program


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change as `what_if` reads it, the edits of the program that it means, and what it needs.

    Whether the nodes are still right after that, only their author knows.
    """

    change: str
    edits: tuple[Edit, ...] = ()
    needs: str = ""


def granularity(program: Program, plan: Plan) -> tuple[Candidate, ...]:
    """Each constraint: a node as a reader where that leaves a writer, by session, or gone."""
    names = dict.fromkeys(take.constraint for take in plan.constraints)
    return tuple(each for name in names for each in _of(program, plan, name))


def _of(program: Program, plan: Plan, name: str) -> Iterator[Candidate]:
    nodes = declaring(program, name)
    for node in nodes:
        yield from _reader(program, plan, name, node)
    session = edits_of(program, name, "session")
    if session:
        needs = _needs(program, plan, name, "session")
        yield Candidate(f"{name}=session", session, needs)
    yield Candidate(f"no {name}", edits_of(program, name, "none"))


def _reader(program: Program, plan: Plan, name: str, node: str) -> Iterator[Candidate]:
    """A node as a reader, if that changes what is taken, and others still write."""
    changed = edited(program, name, "reader", node)
    try:
        after = planned(changed, plan.name)
    except SimulationError:
        return
    writes = any(take.constraint == name and take.mode is Mode.WRITER for take in after.constraints)
    if writes and after != plan:
        yield Candidate(f"{node}:{name}=reader", edits_of(program, name, "reader", node))


def _needs(program: Program, plan: Plan, name: str, change: Change) -> str:
    try:
        planned(edited(program, name, change), plan.name)
    except SimulationError as error:
        return str(error)
    return ""

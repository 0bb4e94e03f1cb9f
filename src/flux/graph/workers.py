"""What `--workers` takes from a program: constraints exclude within one process only."""

from collections.abc import Iterator

from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import Constraint, ProgramGraph, Scope

MOST_PLACES = 5


def per_worker(graph: ProgramGraph) -> Iterator[Diagnostic]:
    """A warning for each constraint, in the order of the text, at the first node that takes it."""
    declared: dict[str, list[Constraint]] = {}
    constraints = [each for node in graph.nodes.values() for each in node.constraints]
    for constraint in sorted(constraints, key=lambda each: each.span.start):
        declared.setdefault(constraint.name, []).append(constraint)
    for places in declared.values():
        yield _per_worker(*places)


def _per_worker(first: Constraint, *others: Constraint) -> Diagnostic:
    note = "state that functions keep in variables is each worker's own, too"
    if first.scope is Scope.SESSION:
        note = "flows of one session may run in several workers at the same time"
    return Diagnostic(
        Code.PER_WORKER,
        f"`{first.name}` excludes only within one worker",
        Label(first.span, "each worker has one of its own"),
        tuple(Label(other.span, "and here") for other in others[:MOST_PLACES]),
        notes=(note,),
        help=f"keep what `{first.name}` guards outside of the workers, in a database, say, or let"
        " each have its own",
    )

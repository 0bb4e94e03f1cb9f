"""What constraint statements say, before any thought of order.

Several statements on one node add up: a constraint declared twice is held as a writer if
either says so. What is wrong with a declaration by itself is found here.
"""

from collections.abc import Iterable, Iterator

from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.model import Constraint, Mode, Node, ProgramGraph, Scope
from flux.graph.tables import Tables
from flux.syntax.declarations import LockDecl, Name


def declared_constraints(locks: Iterable[tuple[Name, LockDecl]]) -> tuple[Constraint, ...]:
    """A node's constraints, each once, in the order of the text; modes joined."""
    joined: dict[str, Constraint] = {}
    for _, lock in locks:
        new = _constraint(lock)
        old = joined.get(new.name)
        if old is None or (old.mode is Mode.READER and new.mode is Mode.WRITER):
            joined[new.name] = new
    return tuple(joined.values())


def _constraint(lock: LockDecl) -> Constraint:
    mode = Mode.READER if lock.mark == "?" else Mode.WRITER
    scope = Scope.SESSION if lock.scope == "session" else Scope.PROGRAM
    return Constraint(lock.name.text, mode, scope, lock.name.span)


def check_constraints(tables: Tables) -> Iterator[Diagnostic]:
    """Constraints of two scopes, and repeated ones."""
    yield from _two_scopes(tables)
    yield from _repeated(tables)


def _two_scopes(tables: Tables) -> Iterator[Diagnostic]:
    first: dict[str, Constraint] = {}
    reported: set[str] = set()
    for _, lock in _all_locks(tables):
        here = _constraint(lock)
        there = first.setdefault(here.name, here)
        if there.scope is not here.scope and here.name not in reported:
            reported.add(here.name)
            yield Diagnostic(
                Code.TWO_SCOPES,
                f"`{here.name}` is a {there.scope} constraint in one place and a "
                f"{here.scope} constraint in another",
                Label(here.span, f"for the {here.scope}"),
                (Label(there.span, f"for the {there.scope}"),),
                help="use two names, or write the same scope everywhere",
            )


def _all_locks(tables: Tables) -> list[tuple[Name, LockDecl]]:
    locks = [pair for pairs in tables.locks.values() for pair in pairs]
    return sorted(locks, key=lambda pair: pair[1].name.span.start)


def _repeated(tables: Tables) -> Iterator[Diagnostic]:
    for node, locks in tables.locks.items():
        seen: dict[tuple[str, Mode, Scope], Constraint] = {}
        for _, lock in locks:
            new = _constraint(lock)
            old = seen.setdefault((new.name, new.mode, new.scope), new)
            if old is not new:
                yield Diagnostic(
                    Code.REPEATED_CONSTRAINT,
                    f"`{node}` declares `{new}` twice",
                    Label(new.span, "again"),
                    (Label(old.span, "first here"),),
                    help="remove one of them",
                )


def lonely_constraints(graph: ProgramGraph, tables: Tables) -> Iterator[Diagnostic]:
    """Constraints that only one node declares."""
    users: dict[str, list[tuple[Node, Constraint]]] = {}
    for node in graph.nodes.values():
        for constraint in node.constraints:
            users.setdefault(constraint.name, []).append((node, constraint))
    for name, pairs in users.items():
        if len(pairs) == 1 and not tables.silent(name):
            yield _lonely(*pairs[0])


def _lonely(node: Node, constraint: Constraint) -> Diagnostic:
    reader = constraint.mode is Mode.READER
    effect = "excludes nothing" if reader else "only keeps it from running beside itself"
    return Diagnostic(
        Code.LONELY_CONSTRAINT,
        f"no second node shares `{constraint.name}`",
        Label(constraint.span, f"held by `{node.name}` alone: {effect}"),
        help="add it to the other nodes that use the same data"
        if reader
        else "add it to the other nodes that use the same data, if there are any",
    )

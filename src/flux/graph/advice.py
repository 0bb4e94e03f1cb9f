"""What early acquisition moved, sources that hold constraints, and sessions that are missing."""

from collections.abc import Iterator

from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.contexts import TooManyContextsError, contexts
from flux.graph.locking import Locking
from flux.graph.model import (
    AbstractNode,
    Constraint,
    Mode,
    Node,
    ProgramGraph,
    Scope,
    Source,
    successors,
)
from flux.graph.turns import opening_way
from flux.source import Span

SESSION = Scope.SESSION
MOST_WARNINGS = 1000
MOST_PLACES = 5


def check_locking(graph: ProgramGraph, locking: Locking) -> list[Diagnostic]:
    """Everything about constraints that shows only where nodes stand."""
    found: list[Diagnostic] = []
    for source in graph.sources:
        found += _sessions(graph, locking, source)
        found += _held_while_waiting(graph, locking, source)
    try:
        early = _taken_early(graph, locking)
    except TooManyContextsError:
        return [*found, _too_many(graph)]
    for name, bits in early.items():
        if len(found) < MOST_WARNINGS:
            found += _early(graph, locking, name, bits)
    found += _readers_as_writers(graph, locking)
    return found


def _too_many(graph: ProgramGraph) -> Diagnostic:
    return Diagnostic(
        Code.TOO_MANY_ROUTINES,
        "constraints are nested in too many different ways",
        Label(Span(graph.file, 0, 0)),
        notes=("a node gets one routine for each set of constraints that it is entered with",),
        help="declare the constraints that many nodes need on a node around them",
    )


# Early acquisition


def _taken_early(graph: ProgramGraph, locking: Locking) -> dict[str, int]:
    """For each node, the constraints that it takes somewhere without declaring them."""
    early: dict[str, int] = {}
    for name, held in contexts(graph, locking):
        bits = locking.taken(name, held) & ~locking.own[name].all
        if bits:
            early[name] = early.get(name, 0) | bits
    return early


def _early(graph: ProgramGraph, locking: Locking, taker: str, bits: int) -> Iterator[Diagnostic]:
    for needer in _inside(graph, locking, taker, bits):
        for constraint in graph.nodes[needer].constraints:
            if constraint.name in locking.names(bits):
                yield _early_acquisition(graph.nodes[taker], graph.nodes[needer], constraint)


def _inside(graph: ProgramGraph, locking: Locking, taker: str, bits: int) -> list[str]:
    """The nodes inside another one that declare any of the constraints."""
    node = graph.nodes[taker]
    waiting = [use.node for use in node.uses()] if isinstance(node, AbstractNode) else []
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen and name in graph.nodes and locking.around[name].all & bits:
            seen.add(name)
            waiting.extend(successors(graph.nodes[name]))
    return [name for name in graph.nodes if name in seen and locking.own[name].all & bits]


def _early_acquisition(taker: Node, needer: Node, constraint: Constraint) -> Diagnostic:
    last = max(taker.constraints, key=lambda c: (c.scope is SESSION, c.name.encode()))
    name = constraint.name
    return Diagnostic(
        Code.EARLY_ACQUISITION,
        f"`{taker.name}` takes `{name}` early, because `{needer.name}` needs it",
        Label(last.span, f"`{last.name}` comes after `{name}` in the order of constraints"),
        (Label(constraint.span, "needed here"),),
        notes=(f"`{name}` is held as long as `{taker.name}` runs, not only in `{needer.name}`",),
        help=f"declare `{name}` on `{taker.name}` to say so, or give `{last.name}` a name that "
        f"sorts before `{name}`",
    )


def _readers_as_writers(graph: ProgramGraph, locking: Locking) -> Iterator[Diagnostic]:
    for name, node in graph.nodes.items():
        written = locking.inside[name].written & ~locking.own[name].written
        for constraint in node.constraints:
            if constraint.mode is Mode.READER and constraint.name in locking.names(written):
                yield _reader_as_writer(graph, locking, node, constraint)


def _reader_as_writer(
    graph: ProgramGraph, locking: Locking, node: Node, reader: Constraint
) -> Diagnostic:
    writers = [
        constraint
        for inner in _inside(graph, locking, node.name, locking.own[node.name].all)
        for constraint in graph.nodes[inner].constraints
        if constraint.name == reader.name and constraint.mode is Mode.WRITER
    ]
    return Diagnostic(
        Code.READER_AS_WRITER,
        f"`{node.name}` takes `{reader.name}` as a writer, though it declares a reader",
        Label(reader.span, "a reader can't become a writer on the way"),
        tuple(Label(writer.span, "needed as a writer here") for writer in writers[:MOST_PLACES]),
        help=f"declare `{reader.name}!` here, or leave it to the inner nodes",
    )


# Sources


def _held_while_waiting(
    graph: ProgramGraph, locking: Locking, source: Source
) -> Iterator[Diagnostic]:
    held = 0
    for name in opening_way(graph, source.node):
        held |= locking.taken(name, held)
        node = graph.nodes[name]
        if held and node.constraints:
            yield Diagnostic(
                Code.SOURCE_HOLDS_CONSTRAINT,
                f"the source `{source.node}` holds `{node.constraints[0].name}` while it waits",
                Label(node.constraints[0].span, f"taken before `{source.node}` gets anything"),
                notes=("flows that need it wait until the next one arrives: a possible deadlock",),
                help="put the constraint on a later node of the turn, or on the target",
            )
            return


def _sessions(graph: ProgramGraph, locking: Locking, source: Source) -> Iterator[Diagnostic]:
    for name, constraint in _session_constraints(graph, locking, source.node):
        yield Diagnostic(
            Code.SESSION_IN_TURN,
            f"`{name}` runs before the session of `{source.node}` is known",
            Label(constraint.span, "a constraint of the session"),
            (Label(source.node_span, "runs in this source's turn"),),
            help=f"take `{constraint.name}` in `{source.target}`, where the session is known",
        )
    needing = _session_constraints(graph, locking, source.target)
    if source.session is None and needing:
        yield _no_session(source, needing)


def _no_session(source: Source, needing: list[tuple[str, Constraint]]) -> Diagnostic:
    return Diagnostic(
        Code.NO_SESSION,
        f"`{needing[0][0]}` needs a session, but flows of `{source.node}` have none",
        Label(source.node_span, "has no session function"),
        tuple(Label(constraint.span, "needs a session") for _, constraint in needing[:MOST_PLACES]),
        help=f"name one: `source {source.node} {{session: F}} => {source.target};`",
    )


def _session_constraints(
    graph: ProgramGraph, locking: Locking, root: str
) -> list[tuple[str, Constraint]]:
    """The session constraints that nodes need when the root runs, in the order of the text."""
    sessions = sum(1 << bit for bit, (scope, _) in enumerate(locking.order) if scope is SESSION)
    seen: set[str] = set()
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name not in seen and name in graph.nodes and locking.around[name].all & sessions:
            seen.add(name)
            waiting.extend(successors(graph.nodes[name]))
    found = [(n, c) for n in seen for c in graph.nodes[n].constraints if c.scope is SESSION]
    return sorted(found, key=lambda pair: pair[1].span.start)

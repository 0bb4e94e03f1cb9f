"""A checked graph to the Plan: constraints, cases, handlers and errors become steps.

Routines are made callees first, so that the ways through a callee are known where it is
called. A node gets a `node` routine for each context in which it is entered, if it is
abstract, and a `use` routine where it stands alone (as a target or a handler) with
constraints or a handler of its own. What no source leads to in the end is left out.
"""

from collections.abc import Iterator

from flux.graph.contexts import Context, contexts
from flux.graph.locking import Locking, Take
from flux.graph.model import AbstractNode, ConcreteNode, Mode, Node, ProgramGraph
from flux.plan.abstract import lower_abstract
from flux.plan.chains import Lowering, Place, lower_use, routine_id
from flux.plan.model import (
    Call,
    Dispatch,
    Function,
    Handle,
    Hold,
    Plan,
    PredicateFunction,
    Routine,
    SessionFunction,
    SourceLoop,
    walk,
)
from flux.plan.turns import lower_source


def lower(graph: ProgramGraph, locking: Locking, name: str) -> Plan:
    """The Plan of a graph in which no mistake was found.

    Raises flux.graph.contexts.TooManyContextsError where held sets explode.
    """
    low = Lowering(graph, locking)
    by_node: dict[str, list[Context]] = {}
    for context in contexts(graph, locking):
        by_node.setdefault(context[0], []).append(context)
    alone = _standing_alone(graph)
    for node in graph.nodes:
        for _, held in by_node.get(node, ()):
            _lower_node(low, node, held, alone)
    sources = tuple(lower_source(low, source) for source in graph.sources)
    routines = _reached(low, sources)
    return Plan(
        name,
        sources,
        routines,
        tuple(_functions(graph, routines)),
        tuple(_predicates(routines)),
        tuple(_sessions(low)),
        tuple(_constraints(routines)),
    )


def _standing_alone(graph: ProgramGraph) -> dict[str, bool]:
    """Targets and handlers; true for targets, which a routine has to stand for in any case."""
    handlers = (node.handler.node for node in graph.nodes.values() if node.handler)
    alone = dict.fromkeys(handlers, False)
    return alone | {source.target: True for source in graph.sources}


def _lower_node(low: Lowering, name: str, held: int, alone: dict[str, bool]) -> None:
    node = low.graph.nodes[name]
    abstract = isinstance(node, AbstractNode)
    if isinstance(node, AbstractNode):
        routine = lower_abstract(low, node, held)
        low.routines[routine.id] = routine
    bare = node.handler is None and (abstract or not low.locking.taken(name, held))
    if name in alone and (not bare or (alone[name] and not abstract)):
        routine = _use_routine(low, name, held)
        low.routines[routine.id] = routine


def _use_routine(low: Lowering, name: str, held: int) -> Routine:
    routine = f"use {routine_id(low, name, held)}"
    inputs = low.inputs(name)
    step, ways = lower_use(low, Place(f"{routine}/{name}", held), name, inputs)
    return Routine(
        id=routine,
        node=name,
        role="use",
        held=low.locking.names(held),
        inputs=inputs,
        outputs=low.outputs(name),
        body=(step,),
        ways=ways,
        text=tuple(_statements(low.graph.nodes[name])),
        signature=low.signature(name),
    )


def _statements(node: Node) -> Iterator[str]:
    """What the program says of a node apart from its flow."""
    if node.handler:
        yield f"handle error {node.name} -> {node.handler.node};"
    if node.constraints and isinstance(node, ConcreteNode):
        yield f"constraint {node.name}:{{{', '.join(map(str, node.constraints))}}};"


# What the routines refer to


def _reached(low: Lowering, sources: tuple[SourceLoop, ...]) -> tuple[Routine, ...]:
    """The routines that sources lead to, callees first."""
    waiting = [id_ for source in sources for id_ in (source.turn, source.flow)]
    reached: set[str] = set()
    while waiting:
        id_ = waiting.pop()
        if id_ not in reached:
            reached.add(id_)
            waiting.extend(_called(low.routines[id_]))
    return tuple(routine for id_, routine in low.routines.items() if id_ in reached)


def _called(routine: Routine) -> Iterator[str]:
    for step in walk(routine.body):
        if isinstance(step, Call | Handle) and step.routine is not None:
            yield step.routine


def _functions(graph: ProgramGraph, routines: tuple[Routine, ...]) -> Iterator[Function]:
    called = {name for routine in routines for name in _functions_of(routine)}
    for name in sorted(called):
        node = graph.nodes[name]
        if isinstance(node, ConcreteNode):
            yield Function(name, node.signature)


def _functions_of(routine: Routine) -> Iterator[str]:
    for step in walk(routine.body):
        if isinstance(step, Call) and step.routine is None:
            yield step.node
        elif isinstance(step, Handle) and step.routine is None:
            yield step.handler


def _predicates(routines: tuple[Routine, ...]) -> Iterator[PredicateFunction]:
    types: dict[str, set[str]] = {}
    for routine in routines:
        for step in walk(routine.body):
            for branch in step.branches if isinstance(step, Dispatch) else ():
                for test in branch.tests:
                    types.setdefault(test.function, set()).add(test.type)
    for function in sorted(types):
        yield PredicateFunction(function, tuple(sorted(types[function])))


def _sessions(low: Lowering) -> Iterator[SessionFunction]:
    for source in low.graph.sources:
        if source.session:
            parameters = low.signature(source.node).outputs
            yield SessionFunction(source.session, source.node, parameters)


def _constraints(routines: tuple[Routine, ...]) -> Iterator[Take]:
    """Every constraint in each mode in which it is taken."""
    takes = {
        take
        for routine in routines
        for step in walk(routine.body)
        for take in (step.takes if isinstance(step, Hold) else ())
    }
    yield from sorted(takes, key=lambda t: (t.scope, t.constraint.encode(), t.mode is Mode.READER))

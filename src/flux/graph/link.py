"""Names to nodes: the first of the paper's passes (section 3.1)."""

from collections.abc import Collection, Iterator

from flux.diagnostics import Diagnostic, Level
from flux.graph.cases import check_cases
from flux.graph.constraints import (
    check_constraints,
    declared_constraints,
    lonely_constraints,
)
from flux.graph.model import (
    AbstractNode,
    Case,
    ConcreteNode,
    ErrorHandler,
    Node,
    Parameter,
    Pattern,
    Predicate,
    ProgramGraph,
    Signature,
    Source,
    Use,
)
from flux.graph.order import in_order
from flux.graph.tables import Tables, collect
from flux.graph.types import type_tree
from flux.graph.undefined import names_in, undefined
from flux.graph.unused import unused
from flux.syntax.declarations import (
    CaseDecl,
    ChainDecl,
    FlowDecl,
    Name,
    ParameterDecl,
    PatternDecl,
    Program,
    SignatureDecl,
    TypeDecl,
)


def link(program: Program) -> tuple[ProgramGraph, list[Diagnostic]]:
    """The graph of a program, without the inferred signatures, and what is wrong with it."""
    tables, found = collect(program)
    nodes = {name: _node(tables, name) for name in tables.node_names()}
    found += undefined(tables)
    nodes, cycles = in_order(nodes)
    sources = tuple(_sources(tables, nodes))
    predicates = tuple(map(_predicate, tables.types.values()))
    graph = ProgramGraph(program.file, nodes, sources, predicates, tables.damaged)
    found += cycles
    found += check_constraints(tables)
    if not any(diagnostic.level is Level.ERROR for diagnostic in found):
        found += _forgotten(graph, tables)
    return graph, found


def _forgotten(graph: ProgramGraph, tables: Tables) -> Iterator[Diagnostic]:
    """What nothing refers to; a wrong name would be the likeliest reason for that."""
    yield from check_cases(graph, tables)
    yield from lonely_constraints(graph, tables)
    yield from unused(graph, tables)


def _node(tables: Tables, name: str) -> Node:
    handler = tables.handlers.get(name)
    on_error = ErrorHandler(handler.handler.text, handler.handler.span) if handler else None
    constraints = declared_constraints(tables.locks.get(name, ()))
    signature = tables.signatures.get(name)
    cases = tuple(_cases(tables, name))
    known = _signature(signature) if signature else None
    if cases:
        span = signature.name.span if signature else cases[0].span
        return AbstractNode(name, known, known is not None, cases, constraints, on_error, span)
    if signature is None or known is None:
        raise AssertionError(f"{name} is declared by no statement")
    return ConcreteNode(
        name, known, constraints, on_error, signature.name.span, signature.outputs_span
    )


def _signature(declaration: SignatureDecl) -> Signature:
    return Signature(
        tuple(map(_parameter, declaration.inputs)), tuple(map(_parameter, declaration.outputs))
    )


def _parameter(declaration: ParameterDecl) -> Parameter:
    return Parameter(type_tree(declaration.type), declaration.name.text)


def _cases(tables: Tables, name: str) -> Iterator[Case]:
    flow, cases = tables.flows.get(name), tables.cases.get(name, ())
    if flow and not any(case.chain.items for case in cases):
        yield _plain(flow)
        return
    for case in cases:  # and if there is a flow as well, that was reported
        yield _case(tables, case)


def _plain(flow: FlowDecl) -> Case:
    return Case(None, _uses(flow.chain), _text(flow.name.text, flow.chain), flow.name.span)


def _case(tables: Tables, case: CaseDecl) -> Case:
    patterns = tuple(_pattern(tables, pattern) for pattern in case.patterns)
    named = ", ".join(p.type.text if p.type else "_" for p in case.patterns)
    text = _text(f"{case.name}:[{named}]", case.chain)
    return Case(patterns, _uses(case.chain), text, case.name.span)


def _text(left: str, chain: ChainDecl) -> str:
    """A flow's statement on one line."""
    return f"{left} = {_chain_text(chain)};" if chain.items else f"{left} = ;"


def _chain_text(chain: ChainDecl) -> str:
    return " -> ".join(
        item.text if isinstance(item, Name) else f"({_chain_text(item)})" for item in chain.items
    )


def _uses(chain: ChainDecl) -> tuple[Use, ...]:
    return tuple(Use(name.text, name.span) for name in names_in(chain))


def _pattern(tables: Tables, pattern: PatternDecl) -> Pattern:
    declared = tables.types.get(pattern.type.text) if pattern.type else None
    return Pattern(_predicate(declared) if declared else None, pattern.span)


def _predicate(declared: TypeDecl) -> Predicate:
    return Predicate(declared.name.text, declared.predicate.text, declared.name.span)


def _sources(tables: Tables, nodes: Collection[str]) -> Iterator[Source]:
    for declared in tables.sources.values():
        if declared.name.text in nodes and declared.target.text in nodes:
            session = declared.session.text if declared.session else None
            yield Source(
                declared.name.text,
                declared.target.text,
                session,
                declared.span,
                declared.name.span,
                declared.target.span,
            )

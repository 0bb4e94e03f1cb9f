"""Names to nodes: the first of the paper's passes (section 3.1).

Every name that a statement mentions is looked up. One undefined name gives one error,
wherever and however often it is used; names in statements that couldn't be read give none.
"""

from collections.abc import Collection, Iterable, Iterator

from flux.diagnostics import Code, Diagnostic, Label, Level
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
from flux.graph.nearest import did_you_mean
from flux.graph.order import in_order
from flux.graph.tables import Tables, collect
from flux.graph.types import type_tree
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
)

MOST_SUGGESTIONS = 20


def link(program: Program) -> tuple[ProgramGraph, list[Diagnostic]]:
    """The graph of a program, without the inferred signatures, and what is wrong with it."""
    tables, found = collect(program)
    nodes = {name: _node(tables, name) for name in _names(tables)}
    found += _undefined(tables)
    nodes, cycles = in_order(nodes)
    sources = tuple(_sources(tables, nodes))
    predicates = tuple(_predicates(tables))
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


def _names(tables: Tables) -> dict[str, None]:
    return dict.fromkeys([*tables.signatures, *tables.flows, *tables.cases])


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
        patterns = tuple(_pattern(tables, pattern) for pattern in case.patterns)
        yield Case(patterns, tuple(_uses(case.chain)), _case_text(case), case.name.span)


def _plain(flow: FlowDecl) -> Case:
    chain = chain_text(flow.chain)
    text = f"{flow.name} = {chain};" if chain else f"{flow.name} = ;"
    return Case(None, tuple(_uses(flow.chain)), text, flow.name.span)


def _case_text(case: CaseDecl) -> str:
    patterns = ", ".join(p.type.text if p.type else "_" for p in case.patterns)
    chain = chain_text(case.chain)
    return f"{case.name}:[{patterns}] = {chain};" if chain else f"{case.name}:[{patterns}] = ;"


def chain_text(chain: ChainDecl) -> str:
    """The chain on one line, parentheses included."""
    return " -> ".join(
        item.text if isinstance(item, Name) else f"({chain_text(item)})" for item in chain.items
    )


def _uses(chain: ChainDecl) -> Iterator[Use]:
    for item in chain.items:
        if isinstance(item, Name):
            yield Use(item.text, item.span)
        else:
            yield from _uses(item)


def _pattern(tables: Tables, pattern: PatternDecl) -> Pattern:
    declared = tables.types.get(pattern.type.text) if pattern.type else None
    if declared is None:
        return Pattern(None, pattern.span)
    predicate = Predicate(declared.name.text, declared.predicate.text, declared.name.span)
    return Pattern(predicate, pattern.span)


def _predicates(tables: Tables) -> Iterator[Predicate]:
    for declared in tables.types.values():
        yield Predicate(declared.name.text, declared.predicate.text, declared.name.span)


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


def _undefined(tables: Tables) -> Iterator[Diagnostic]:
    known = _names(tables)
    missing: dict[str, list[tuple[Code, Name]]] = {}
    for code, name in sorted(_mentioned_nodes(tables), key=lambda pair: pair[1].span.start):
        if name.text not in known and not tables.silent(name.text):
            missing.setdefault(name.text, []).append((code, name))
    yield from _one_each(missing, known)
    types: dict[str, list[tuple[Code, Name]]] = {}
    for case in _all_cases(tables):
        for pattern in case.patterns:
            wanted = pattern.type
            if wanted is None or wanted.text in tables.types or tables.silent_type(wanted.text):
                continue
            types.setdefault(wanted.text, []).append((Code.UNDEFINED_TYPE, wanted))
    yield from _one_each(types, tables.types)


def _all_cases(tables: Tables) -> Iterable[CaseDecl]:
    return (case for cases in tables.cases.values() for case in cases)


def _mentioned_nodes(tables: Tables) -> Iterator[tuple[Code, Name]]:
    """Every mention of a node outside its own declaration, and the error if it is undefined."""
    chains = [flow.chain for flow in tables.flows.values()]
    for chain in (*chains, *(case.chain for case in _all_cases(tables))):
        yield from ((Code.UNDEFINED_NODE, name) for name in _chain_names(chain))
    for source in tables.sources.values():
        yield Code.UNDEFINED_SOURCE, source.name
        yield Code.UNDEFINED_TARGET, source.target
    for handler in tables.handlers.values():
        yield Code.UNDEFINED_NODE, handler.name
        yield Code.UNDEFINED_HANDLER, handler.handler
    for locks in tables.locks.values():
        yield Code.UNKNOWN_CONSTRAINED, locks[0][0]


def _chain_names(chain: ChainDecl) -> Iterator[Name]:
    for item in chain.items:
        if isinstance(item, Name):
            yield item
        else:
            yield from _chain_names(item)


def _one_each(
    missing: dict[str, list[tuple[Code, Name]]], known: Collection[str]
) -> Iterator[Diagnostic]:
    for number, (text, mentions) in enumerate(missing.items()):
        code, first = mentions[0]
        yield Diagnostic(
            code,
            UNDEFINED[code].format(name=text),
            Label(first.span, "not defined"),
            tuple(Label(name.span, "and here") for _, name in mentions[1:5]),
            help=_remedy(code, text, known if number < MOST_SUGGESTIONS else ()),
        )


def _remedy(code: Code, name: str, known: Collection[str]) -> str:
    return did_you_mean(name, known) or REMEDY[code].format(name)


UNDEFINED = {
    Code.UNDEFINED_NODE: "no statement defines the node `{name}`",
    Code.UNDEFINED_SOURCE: "no statement defines the source `{name}`",
    Code.UNDEFINED_TARGET: "no statement defines `{name}`, the target of a source",
    Code.UNDEFINED_HANDLER: "no statement defines the error handler `{name}`",
    Code.UNKNOWN_CONSTRAINED: "a constraint on `{name}`, which no statement defines",
    Code.UNDEFINED_TYPE: "no typedef defines the semantic type `{name}`",
}
REMEDY = {
    Code.UNDEFINED_NODE: "declare its signature: `{0} (...) -> (...);`",
    Code.UNDEFINED_SOURCE: "declare its signature: `{0} () -> (...);`",
    Code.UNDEFINED_TARGET: "declare its signature `{0} (...) -> ();` or its flow `{0} = ...;`",
    Code.UNDEFINED_HANDLER: "declare its signature: `{0} (...) -> ();`",
    Code.UNKNOWN_CONSTRAINED: "declare its signature or its flow, or drop the constraint",
    Code.UNDEFINED_TYPE: "declare it: `typedef {0} TheFunctionThatTestsIt;`",
}

"""Names that no statement defines.

One undefined name gives one error, wherever and however often it is used; names in statements
that couldn't be read give none.
"""

from collections.abc import Collection, Iterable, Iterator

from flux.diagnostics import Code, Diagnostic, Label
from flux.graph.nearest import did_you_mean
from flux.graph.tables import Tables
from flux.syntax.declarations import CaseDecl, ChainDecl, Name

MOST_SUGGESTIONS = 20


def undefined(tables: Tables) -> Iterator[Diagnostic]:
    """One error for each name of a node or a semantic type that no statement defines."""
    known = tables.node_names()
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
        yield from ((Code.UNDEFINED_NODE, name) for name in names_in(chain))
    for source in tables.sources.values():
        yield Code.UNDEFINED_SOURCE, source.name
        yield Code.UNDEFINED_TARGET, source.target
    for handler in tables.handlers.values():
        yield Code.UNDEFINED_NODE, handler.name
        yield Code.UNDEFINED_HANDLER, handler.handler
    for locks in tables.locks.values():
        yield Code.UNKNOWN_CONSTRAINED, locks[0][0]


def names_in(chain: ChainDecl) -> Iterator[Name]:
    """The nodes that a chain names, in order, whatever parentheses are around them."""
    for item in chain.items:
        if isinstance(item, Name):
            yield item
        else:
            yield from names_in(item)


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

"""The statements of a program by the names they declare; duplicates and mixtures reported."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flux.diagnostics import Code, Diagnostic, Label
from flux.syntax.declarations import (
    CaseDecl,
    ConstraintDecl,
    DamagedDecl,
    FlowDecl,
    HandlerDecl,
    LockDecl,
    Name,
    Program,
    SignatureDecl,
    SourceDecl,
    Statement,
    TypeDecl,
)


@dataclass(frozen=True, slots=True)
class HandlerOf:
    """One pair of a `handle error` statement: a node (`name`) and its handler."""

    name: Name
    handler: Name


@dataclass(frozen=True, slots=True)
class Tables:
    """What each statement says, by the name that it says it of.

    `damaged` are the names that unreadable statements mention; `lost_type` says that one of those
    is a typedef, `blind` that one may have lost the name that it declared, so that a name without
    a declaration proves nothing.
    """

    signatures: dict[str, SignatureDecl]
    flows: dict[str, FlowDecl]
    cases: dict[str, list[CaseDecl]]
    types: dict[str, TypeDecl]
    handlers: dict[str, HandlerOf]
    sources: dict[str, SourceDecl]
    locks: dict[str, list[tuple[Name, LockDecl]]]
    damaged: frozenset[str]
    blind: bool
    lost_type: bool

    def node_names(self) -> dict[str, None]:
        """The names of all nodes that a statement defines, as an ordered set."""
        return dict.fromkeys([*self.signatures, *self.flows, *self.cases])

    def silent(self, name: str) -> bool:
        """Whether a missing declaration of the name may be an unreadable statement's fault."""
        return self.blind or name in self.damaged

    def silent_type(self, name: str) -> bool:
        """The same for a semantic type."""
        return self.lost_type or self.silent(name)


Named = SignatureDecl | FlowDecl | TypeDecl | SourceDecl | HandlerOf
N = TypeVar("N", bound=Named)
S = TypeVar("S", bound=Statement)

WHAT = {
    Code.DUPLICATE_SIGNATURE: "signature",
    Code.DUPLICATE_FLOW: "flow",
    Code.DUPLICATE_TYPE: "typedef",
    Code.DUPLICATE_HANDLER: "error handler",
    Code.DUPLICATE_SOURCE: "source statement",
}


def collect(program: Program) -> tuple[Tables, list[Diagnostic]]:
    """Sort the statements into tables; of two duplicates the first counts."""
    found: list[Diagnostic] = []
    statements = program.statements
    hurt = list(_all(statements, DamagedDecl))
    tables = Tables(
        signatures=_once(_all(statements, SignatureDecl), Code.DUPLICATE_SIGNATURE, found),
        flows=_once(_all(statements, FlowDecl), Code.DUPLICATE_FLOW, found),
        cases=_cases(statements),
        types=_once(_all(statements, TypeDecl), Code.DUPLICATE_TYPE, found),
        handlers=_once(_handlers(statements), Code.DUPLICATE_HANDLER, found),
        sources=_once(_all(statements, SourceDecl), Code.DUPLICATE_SOURCE, found),
        locks=_locks(statements),
        damaged=frozenset(name for s in hurt for name in (s.name, *s.mentioned) if name),
        blind=_is_unread(program) or any(map(_lost_its_name, hurt)),
        lost_type=any(s.span.text.startswith("typedef") for s in hurt),
    )
    found += _duplicate_parameters(tables.signatures.values())
    found += _mixtures(tables)
    found += _wildcards(tables)
    return tables, found


def _is_unread(program: Program) -> bool:
    """Whether the parser gave the whole text up, for it was too large."""
    return bool(program.file.text) and not program.tokens


def _lost_its_name(statement: DamagedDecl) -> bool:
    """Whether what is left of a statement begins with no name, so that one may be missing."""
    return statement.name is None and not statement.span.text[:1].isidentifier()


def _all(statements: Iterable[Statement], kind: type[S]) -> Iterator[S]:
    return (s for s in statements if isinstance(s, kind))


def _handlers(statements: Iterable[Statement]) -> Iterator[HandlerOf]:
    for statement in _all(statements, HandlerDecl):
        for node in statement.nodes:
            yield HandlerOf(node, statement.handler)


def _cases(statements: Iterable[Statement]) -> dict[str, list[CaseDecl]]:
    cases: dict[str, list[CaseDecl]] = {}
    for case in _all(statements, CaseDecl):
        cases.setdefault(case.name.text, []).append(case)
    return cases


def _locks(statements: Iterable[Statement]) -> dict[str, list[tuple[Name, LockDecl]]]:
    locks: dict[str, list[tuple[Name, LockDecl]]] = {}
    for statement in _all(statements, ConstraintDecl):
        named = locks.setdefault(statement.node.text, [])
        named.extend((statement.node, lock) for lock in statement.locks)
    return locks


def _once(declarations: Iterable[N], code: Code, found: list[Diagnostic]) -> dict[str, N]:
    table: dict[str, N] = {}
    for declaration in declarations:
        first = table.setdefault(declaration.name.text, declaration)
        if first is not declaration:
            found.append(_duplicate(code, first.name, declaration.name))
    return table


def _duplicate(code: Code, first: Name, second: Name) -> Diagnostic:
    what = WHAT[code]
    return Diagnostic(
        code,
        f"`{second}` has a second {what}",
        Label(second.span, "the second"),
        (Label(first.span, "the first"),),
        help=f"keep one {what} of `{second}`{_instead(code, second)}",
    )


def _instead(code: Code, name: Name) -> str:
    """What the author of a duplicate probably meant."""
    if code is Code.DUPLICATE_FLOW:
        return f"; to choose between flows, write cases: `{name}:[_, ...] = ...;`"
    if code is Code.DUPLICATE_SOURCE:
        return "; let its target choose where flows go"
    return ""


def _duplicate_parameters(signatures: Iterable[SignatureDecl]) -> Iterator[Diagnostic]:
    for signature in signatures:
        for side in (signature.inputs, signature.outputs):
            yield from _repeated([parameter.name for parameter in side])


def _repeated(names: Sequence[Name]) -> Iterator[Diagnostic]:
    seen: dict[str, Name] = {}
    for name in names:
        first = seen.setdefault(name.text, name)
        if first is not name:
            yield Diagnostic(
                Code.DUPLICATE_PARAMETER,
                f"two parameters are called `{name}`",
                Label(name.span, "the second"),
                (Label(first.span, "the first"),),
                help="give each parameter of a list a name of its own",
            )


def _mixtures(tables: Tables) -> Iterator[Diagnostic]:
    for name in tables.flows.keys() & tables.cases.keys():
        flow, case = tables.flows[name], tables.cases[name][0]
        later, earlier = sorted((flow.name, case.name), key=lambda n: n.span.start, reverse=True)
        yield Diagnostic(
            Code.MIXED_FLOWS,
            f"`{name}` has both a plain flow and cases",
            Label(later.span, "and here the other way"),
            (Label(earlier.span, "here one way"),),
            help=f"make the plain flow the last case: `{name}:[{_wildcards_like(case)}] = ...;`",
        )


def _wildcards_like(case: CaseDecl) -> str:
    return ", ".join("_" for _ in case.patterns)


def _wildcards(tables: Tables) -> Iterator[Diagnostic]:
    if "_" in tables.types:
        yield Diagnostic(
            Code.WILDCARD_TYPE,
            "a semantic type can't be called `_`",
            Label(tables.types["_"].name.span, "`_` in a pattern matches everything"),
            help="give the type a name that says what it tests",
        )

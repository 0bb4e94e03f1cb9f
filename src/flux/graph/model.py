"""The program graph: concrete and abstract nodes, and what the program says of each.

A graph is built by `link`, completed by `check_types`, and handed on when no mistake was
found. Names that no statement defines, or whose statement couldn't be read, are missing
from `ProgramGraph.nodes`; passes that meet them keep silent, for they were reported.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from flux.graph.types import Type
from flux.source import SourceFile, Span


class Mode(StrEnum):
    """How a constraint is held: beside other readers, or alone."""

    READER = "reader"
    WRITER = "writer"


class Scope(StrEnum):
    """Whom a constraint excludes: every flow, or those of the same session."""

    PROGRAM = "program"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One datum that flows along an edge."""

    type: Type
    name: str

    def __str__(self) -> str:
        return f"{self.type} {self.name}"


@dataclass(frozen=True, slots=True)
class Signature:
    """What a node takes and gives."""

    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]


def listed(parameters: tuple[Parameter, ...]) -> str:
    """The parameters as Flux writes them: `(int socket, char* data)`."""
    return f"({', '.join(map(str, parameters))})"


@dataclass(frozen=True, slots=True)
class Constraint:
    """A constraint as one node declares it."""

    name: str
    mode: Mode
    scope: Scope
    span: Span = field(compare=False, repr=False)

    def __str__(self) -> str:
        mark = "?" if self.mode is Mode.READER else ""
        return f"{self.name}{mark}{'(session)' if self.scope is Scope.SESSION else ''}"


@dataclass(frozen=True, slots=True)
class Predicate:
    """A semantic type, and the function that tests for it."""

    type: str
    function: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Pattern:
    """`_` (no predicate) or a semantic type, for one input of a node with cases."""

    predicate: Predicate | None
    span: Span = field(compare=False, repr=False)

    def __str__(self) -> str:
        return self.predicate.type if self.predicate else "_"


@dataclass(frozen=True, slots=True)
class Use:
    """A place in a chain where a node stands."""

    node: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Case:
    """One chain of an abstract node, and the patterns that lead to it.

    A plain flow is a node's only case, with `patterns` of None. Parentheses are gone: they
    mean an anonymous node without constraints or handlers, the same as what is in them.
    """

    patterns: tuple[Pattern, ...] | None
    chain: tuple[Use, ...]
    text: str
    span: Span = field(compare=False, repr=False)

    @property
    def always_matches(self) -> bool:
        """Whether every pattern is `_`."""
        return not any(pattern.predicate for pattern in self.patterns or ())


@dataclass(frozen=True, slots=True)
class ErrorHandler:
    """`handle error N -> H`: the node that runs, with N's inputs, when N fails."""

    node: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ConcreteNode:
    """A function of the implementation."""

    name: str
    signature: Signature
    constraints: tuple[Constraint, ...]
    handler: ErrorHandler | None
    span: Span = field(compare=False, repr=False)
    outputs_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AbstractNode:
    """A flow through other nodes, or several to choose from.

    `signature` is None while it is unknown: before `check_types`, or because of a mistake.
    """

    name: str
    signature: Signature | None
    declared: bool
    cases: tuple[Case, ...]
    constraints: tuple[Constraint, ...]
    handler: ErrorHandler | None
    span: Span = field(compare=False, repr=False)

    @property
    def is_plain(self) -> bool:
        """Whether the node has one flow and no patterns."""
        return self.cases[0].patterns is None

    def uses(self) -> Iterator[Use]:
        """Every place in the node's chains where a node stands, in the order of the text."""
        for case in self.cases:
            yield from case.chain


Node = ConcreteNode | AbstractNode


@dataclass(frozen=True, slots=True)
class Source:
    """`source S {session: F} => T`: where flows come from, and where they go."""

    node: str
    target: str
    session: str | None
    span: Span = field(compare=False, repr=False)
    node_span: Span = field(compare=False, repr=False)
    target_span: Span = field(compare=False, repr=False)

    def __str__(self) -> str:
        session = f" {{session: {self.session}}}" if self.session else ""
        return f"source {self.node}{session} => {self.target};"


@dataclass(frozen=True, slots=True)
class ProgramGraph:
    """A program whose names are linked.

    `nodes` is ordered: every node stands after the nodes in its flow and its handler.
    `unread` are the names that statements mention which couldn't be read.
    """

    file: SourceFile = field(repr=False)
    nodes: Mapping[str, Node]
    sources: tuple[Source, ...]
    predicates: tuple[Predicate, ...]
    unread: frozenset[str] = frozenset()


def successors(node: Node) -> Iterator[str]:
    """The nodes that run inside a node, then its handler."""
    if isinstance(node, AbstractNode):
        yield from (use.node for use in node.uses())
    if node.handler:
        yield node.handler.node

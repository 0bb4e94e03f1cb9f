"""The statements of a Flux program, one class a kind.

Two declarations are equal when they say the same: spans don't count.
"""

from dataclasses import dataclass, field

from flux.source import SourceFile, Span
from flux.syntax.tokens import Token


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in the text."""

    text: str
    span: Span = field(compare=False, repr=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class ParameterDecl:
    """`char* data`: the words and signs of the type, then the name."""

    type: tuple[str, ...]
    name: Name
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SignatureDecl:
    """`Compress (Pixels pixels) -> (Jpeg jpeg);`."""

    name: Name
    inputs: tuple[ParameterDecl, ...]
    outputs: tuple[ParameterDecl, ...]
    span: Span = field(compare=False, repr=False)
    outputs_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class SourceDecl:
    """`source Listen {session: ByUser} => Image;`."""

    name: Name
    session: Name | None
    target: Name
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ChainDecl:
    """`A -> (B -> C) -> D`, or nothing."""

    items: "tuple[Name | ChainDecl, ...]"
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FlowDecl:
    """`Image = ReadRequest -> Write;`."""

    name: Name
    chain: ChainDecl
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class PatternDecl:
    """`_` (a type of None) or a semantic type."""

    type: Name | None
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class CaseDecl:
    """`Handler:[_, hit] = ;`."""

    name: Name
    patterns: tuple[PatternDecl, ...]
    chain: ChainDecl
    span: Span = field(compare=False, repr=False)
    patterns_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TypeDecl:
    """`typedef hit TestInCache;`: a semantic type and the predicate that tests it."""

    name: Name
    predicate: Name
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class HandlerDecl:
    """`handle error ReadInFromDisk -> FourOhFour;`."""

    nodes: tuple[Name, ...]
    handler: Name
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LockDecl:
    """`cache?` or `cart!(session)`: a constraint as one node takes it.

    `mark` is `?`, `!` or nothing, `scope` is `session`, `program` or nothing, as written.
    """

    name: Name
    mark: str
    scope: str
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ConstraintDecl:
    """`constraint CheckCache:{cache?};`."""

    node: Name
    locks: tuple[LockDecl, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DamagedDecl:
    """A statement that couldn't be read: what it seems to be about.

    Later passes keep silent about these names, so that one mistake gives one error.
    `name` is the name it seems to declare (None: unknown), `mentioned` all names in it.
    """

    name: str | None
    mentioned: frozenset[str]
    span: Span = field(compare=False, repr=False)


Statement = (
    SignatureDecl
    | SourceDecl
    | FlowDecl
    | CaseDecl
    | TypeDecl
    | HandlerDecl
    | ConstraintDecl
    | DamagedDecl
)


@dataclass(frozen=True, slots=True)
class Program:
    """A whole text: its statements in order, and every token for tools that rewrite it."""

    file: SourceFile = field(compare=False)
    statements: tuple[Statement, ...]
    tokens: tuple[Token, ...] = field(compare=False, repr=False)

"""A function of C or C++ as its text shows it."""

from dataclasses import dataclass
from enum import StrEnum

from flux.graph.types import Type
from flux.source import Span


class Linkage(StrEnum):
    """How other files know a function: by its name, or by its name and its parameters."""

    C = "C"
    CPP = "C++"


@dataclass(frozen=True, slots=True)
class CppParameter:
    """A parameter; its type is None if the text doesn't tell."""

    type: Type | None
    span: Span


@dataclass(frozen=True, slots=True)
class Function:
    """A function that a text defines or declares.

    `parameters` and `returns` are None if the text doesn't tell. `scope` says what encloses it,
    nothing for the global name space. `words` stand before it, such as `static`.
    """

    name: str
    parameters: tuple[CppParameter, ...] | None
    returns: Type | None
    linkage: Linkage
    words: frozenset[str]
    scope: str
    is_template: bool
    is_defined: bool
    span: Span
    text: str

    @property
    def may_bear(self) -> bool:
        """Whether a program could call it, as far as name spaces go."""
        return not self.scope and not self.is_template

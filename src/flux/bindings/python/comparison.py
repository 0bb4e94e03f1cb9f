"""Are two Python types the same? Asked of the program's and of a function's annotations.

Only what surely differs is told apart. Types are compared by name, a qualified one by its last
part; names that stand for other types (`Reply = list[bytes]`, `from net import Conn as C`) are
looked through on both sides; a union agrees if one of its members does. `Any`, type variables
and whatever only running would show agree with everything.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from flux.bindings.python.lookup import Definition, Lookup
from flux.bindings.python.module import Imported, Module
from flux.bindings.python.types import meanings, parsed
from flux.graph.types import Type

ANYTHING = frozenset(
    {"Any", "object", "NoReturn", "Never", "Literal", "LiteralString", "Self", "TypeVar"}
)
NOT_TUPLES = frozenset(
    {"None", "int", "str", "bytes", "bool", "float", "list", "dict", "set", "Iterator", "Generator"}
)
# Older names of the same types.
ALIASES = {name.capitalize(): name for name in ("list", "dict", "tuple", "set", "type")}
NONE = ast.Constant(None)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares types as one module means them; `variables` stand for any type."""

    lookup: Lookup
    module: Module
    variables: frozenset[str]

    def agrees(self, wanted: Type, annotation: ast.expr) -> bool:
        """Whether a value of a program's type may be what the annotation says."""
        possible = meanings(wanted)
        return not possible or any(self.same(meaning, annotation) for meaning in possible)

    def allows_none(self, annotation: ast.expr) -> bool:
        """Whether the annotation allows None."""
        return self.same(NONE, annotation)

    def allows_tuple(self, wanted: tuple[Type, ...], annotation: ast.expr) -> bool:
        """Whether the annotation allows a tuple of exactly these types."""
        return any(self._is_tuple(wanted, member) for member in self._meant(annotation))

    def _is_tuple(self, wanted: tuple[Type, ...], member: ast.expr) -> bool:
        name, items = name_of(member), items_of(member)
        if name != "tuple":
            return name not in NOT_TUPLES
        if not items or _is_ellipsis(items[-1]):
            return True
        return len(items) == len(wanted) and all(map(self.agrees, wanted, items))

    def same(self, one: ast.expr, other: ast.expr) -> bool:
        """Whether two types may be the same, as they are written or as they are meant."""
        return self._any_alike(members(one), members(other)) or self._any_alike(
            self._meant(one), self._meant(other)
        )

    def _any_alike(self, some: Iterator[ast.expr], others: Iterator[ast.expr]) -> bool:
        known = list(others)
        return any(self._alike(one, other) for one in some for other in known)

    def _alike(self, one: ast.expr, other: ast.expr) -> bool:
        """Whether two types that are no unions have the same name, and the same items."""
        names = {name_of(one), name_of(other)}
        if None in names or names & (ANYTHING | self.variables):
            return True
        mine, theirs = items_of(one), items_of(other)
        return len(names) == 1 and (len(mine) != len(theirs) or all(map(self.same, mine, theirs)))

    def _meant(self, annotation: ast.expr) -> Iterator[ast.expr]:
        return self._looked_through(annotation, self.module, frozenset())

    def _looked_through(
        self, annotation: ast.expr, module: Module, seen: frozenset[str]
    ) -> Iterator[ast.expr]:
        """The members of a union, with what they stand for in place of names."""
        for member in members(annotation):
            name = member.id if isinstance(member, ast.Name) else ""
            found = self.lookup.find(name, module) if name and name not in seen else None
            meaning = _stands_for(name, found) if found else None
            if found and meaning:
                yield from self._looked_through(meaning, found.module, seen | {name})
            else:
                yield member


def _stands_for(name: str, found: Definition) -> ast.expr | None:
    """The type that a name is only another name of; None if it is a type of its own."""
    match found.meaning:
        case ast.Call(func=function, args=[_, original]) if name_of(function) == "NewType":
            return original
        case ast.Call(func=function):
            return function if name_of(function) == "TypeVar" else None
        case ast.expr() as expression:
            return expression
        case Imported(_, str(original)) | ast.ClassDef(name=original):
            return ast.Name(original) if original != name else None
        case None:
            return ast.Name("Any")
        case _:
            return None


def members(annotation: ast.expr) -> Iterator[ast.expr]:
    """The members of a union; of anything else the type itself."""
    match annotation:
        case ast.Constant(value=str(text)):
            inner = parsed(text)
            yield from members(inner) if inner else [ast.Name("Any")]
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from members(left)
            yield from members(right)
        case ast.Subscript() if name_of(annotation) in ("Union", "Optional"):
            for item in items_of(annotation):
                yield from members(item)
            if name_of(annotation) == "Optional":
                yield NONE
        case ast.Subscript() if name_of(annotation) in ("Annotated", "Final"):
            for item in items_of(annotation)[:1]:
                yield from members(item)
        case _:
            yield annotation


def name_of(annotation: ast.expr) -> str | None:
    """The last part of a type's name; None if it has none."""
    match annotation:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return ALIASES.get(name, name)
        case ast.Subscript(value=value):
            return name_of(value)
        case ast.Constant(value=None):
            return "None"
        case _:
            return None


def items_of(annotation: ast.expr) -> list[ast.expr]:
    """What stands in a type's brackets."""
    match annotation:
        case ast.Subscript(slice=ast.Tuple(elts=items)):
            return items
        case ast.Subscript(slice=item):
            return [item]
        case _:
            return []


def _is_ellipsis(item: ast.expr) -> bool:
    return isinstance(item, ast.Constant) and item.value is ...

"""Types of data, as trees: `std::map<int, char*>` is words, signs and bracketed groups.

Flux gives types no meaning of its own (the implementation does), so two types agree when
their trees are the same: white space and the place of `*` don't count, and `unsigned` and
`unsigned int` differ.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
TIGHT_AFTER = ("::", "~", ".")
SPACED = ("|", "->")


@dataclass(frozen=True, slots=True)
class Group:
    """A bracketed part of a type, `<int, char*>`: its opening bracket and its items."""

    opening: str
    items: "tuple[Type, ...]"

    def __str__(self) -> str:
        return f"{self.opening}{', '.join(map(str, self.items))}{CLOSING[self.opening]}"


@dataclass(frozen=True, slots=True)
class Type:
    """A type: words, signs and groups in their order."""

    parts: tuple[str | Group, ...]

    def __str__(self) -> str:
        return "".join(_spaced(self.parts))


def type_tree(words: Sequence[str]) -> Type:
    """Read the words and signs of a type, whose brackets the parser found balanced."""
    stack: list[tuple[str, list[Type], list[str | Group]]] = [("", [], [])]
    for word in words:
        opening, items, parts = stack[-1]
        if word in CLOSING:
            stack.append((word, [], []))
        elif opening and word == CLOSING[opening]:
            stack.pop()
            stack[-1][2].append(Group(opening, _all_items(items, parts)))
        elif opening and word == ",":
            items.append(Type(tuple(parts)))
            parts.clear()
        else:
            parts.append(word)
    return Type(tuple(stack[0][2]))


def _all_items(items: list[Type], rest: list[str | Group]) -> tuple[Type, ...]:
    if not items and not rest:
        return ()
    return (*items, Type(tuple(rest)))


def _spaced(parts: Sequence[str | Group]) -> Iterator[str]:
    """The parts with a space before each word that would run into the part before it."""
    before: str | Group = "::"
    for part in parts:
        apart = _is_word(part) and before not in TIGHT_AFTER
        if apart or part in SPACED:
            yield " "
        yield str(part)
        before = part


def _is_word(part: str | Group) -> bool:
    return isinstance(part, str) and (part[0].isalnum() or part[0] in "_\"'")

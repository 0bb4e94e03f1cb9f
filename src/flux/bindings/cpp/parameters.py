"""The parameters of a function of C or C++, and its types, as trees like those of Flux."""

from collections.abc import Sequence

from flux.bindings.cpp.brackets import Brackets
from flux.bindings.cpp.functions import CppParameter
from flux.bindings.cpp.tokens import Kind, Token
from flux.graph.types import CLOSING, Type, type_tree
from flux.source import SourceFile, Span
from flux.syntax.parameters import CLASS_WORDS, TYPE_WORDS

_DROPPED = frozenset({"register", "restrict", "__restrict", "__restrict__", "this"})
_QUALIFIERS = frozenset({"const", "volatile"})


def read_parameters(
    file: SourceFile, text: Brackets, start: int, end: int
) -> tuple[CppParameter, ...] | None:
    """The parameters between the parentheses `start` and `end`; None if they can't be told."""
    parts = list(text.split(start + 1, end))
    parameters: list[CppParameter] = []
    for first, behind in parts:
        texts = [token.text for token in text.tokens[first:behind]]
        if "=" in texts and "<" in texts[texts.index("=") :]:
            return None  # its commas may be those of a template, or may not
        if parts == [(first, behind)] and texts == ["void"]:
            return ()
        parameters.append(_parameter(file, text, first, behind))
    return tuple(parameters)


def _parameter(file: SourceFile, text: Brackets, first: int, end: int) -> CppParameter:
    tokens = text.tokens[first:end]
    start = tokens[0].start if tokens else text.tokens[first].start
    behind = tokens[-1].start + len(tokens[-1].text) if tokens else start
    return CppParameter(_type_of(_without_attributes(text, first, end)), Span(file, start, behind))


def _without_attributes(text: Brackets, at: int, end: int) -> list[Token]:
    """The tokens of a parameter up to its default, without `[[...]]` and the like."""
    tokens: list[Token] = []
    while at < end and text.tokens[at].text != "=":
        token = text.tokens[at]
        behind = text.end(at)
        if token.text == "__attribute__" and at + 1 < end:
            behind = text.end(at + 1)
        elif [follower.text for follower in text.tokens[at : at + 2]] != ["[", "["]:
            tokens.extend(text.tokens[at : min(behind, end)])
        at = behind
    return tokens


def _type_of(tokens: list[Token]) -> Type | None:
    """The type of a parameter, whose name stands last if it has one."""
    is_array = False
    if not _is_balanced([token.text for token in tokens]):
        return None
    if tokens and tokens[-1].text == "]":
        opening = max(place for place, token in enumerate(tokens) if token.text == "[")
        is_array, tokens = True, tokens[:opening]
    if _is_named(tokens):
        tokens = tokens[:-1]
    words = [token.text for token in tokens]
    return read_type([*words, "*"] if is_array else words)


def _is_named(tokens: Sequence[Token]) -> bool:
    """Whether the last word is the parameter's name, and no part of its type."""
    if len(tokens) < 2 or tokens[-1].kind is not Kind.NAME:  # noqa: PLR2004
        return False
    before = [token.text for token in tokens[:-1]]
    if tokens[-1].text in TYPE_WORDS or before[-1] in CLASS_WORDS | {"::", "typename"}:
        return False
    return not _QUALIFIERS.issuperset(before)


def read_type(words: Sequence[str]) -> Type | None:
    """The type that some words and signs mean, unless they are more than that."""
    kept = [word for word in words if word not in _DROPPED]
    if not kept or not _is_balanced(kept) or _has_outer(kept, ("(", "[", "{")):
        return None
    return type_tree(kept)


def _is_balanced(words: Sequence[str]) -> bool:
    """Whether the brackets match, those of templates among them."""
    waiting: list[str] = []
    for word in words:
        if word in CLOSING:
            waiting.append(CLOSING[word])
        elif word in CLOSING.values() and (not waiting or waiting.pop() != word):
            return False
    return not waiting


def _has_outer(words: Sequence[str], signs: tuple[str, ...]) -> bool:
    """Whether one of some brackets stands outside all others."""
    depth = 0
    for word in words:
        if depth == 0 and word in signs:
            return True
        depth += (word in CLOSING) - (word in CLOSING.values())
    return False

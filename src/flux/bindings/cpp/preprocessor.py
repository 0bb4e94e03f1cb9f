"""What a preprocessor would leave of a text, as far as that can be told without its macros.

Of `#if 0` and of what only the other language sees (`__cplusplus`) nothing is left. Whatever else
a condition says, either branch may be compiled, so both stay; but brackets must match, so a branch
that opens or closes some of them stays alone.
"""

import re
from dataclasses import dataclass, field

from flux.bindings.cpp.tokens import Kind, Token, directive, tokenize

_OPENING, _CLOSING = frozenset("{(["), frozenset("})]")
_CPP = re.compile(r"(!?)\s*(?:defined\b)?\s*\(?\s*__cplusplus\s*\)?")
_INCLUDE = re.compile(r'"[^"]+"|<[^>]+>')


@dataclass(frozen=True, slots=True)
class Preprocessed:
    """The tokens that may be compiled, what the text includes, and which macros it defines."""

    tokens: list[Token]
    includes: tuple[str, ...]
    macros: frozenset[str]


@dataclass(slots=True)
class _Branch:
    """A branch of an `#if`, from its first token on.

    `level` counts the brackets that are open where it begins, `lowest` the fewest since then.
    """

    start: int
    level: int
    lowest: int
    outer_lives: bool
    is_first: bool = True
    is_last: bool = False


@dataclass(slots=True)
class _Reader:
    """The text up to here, and the conditions around this place."""

    is_cpp: bool
    lives: bool = True
    level: int = 0
    tokens: list[Token] = field(default_factory=list)
    branches: list[_Branch] = field(default_factory=list)
    includes: dict[str, None] = field(default_factory=dict)
    macros: set[str] = field(default_factory=set)


def preprocess(text: str, *, is_cpp: bool) -> Preprocessed:
    """A text of C++, or of C, without what is surely not compiled."""
    reader = _Reader(is_cpp)
    for token in tokenize(text):
        if token.kind is Kind.DIRECTIVE:
            _obey(reader, *directive(token))
        elif reader.lives:
            _keep(reader, token)
    return Preprocessed(reader.tokens, tuple(reader.includes), frozenset(reader.macros))


def _keep(reader: _Reader, token: Token) -> None:
    reader.tokens.append(token)
    if token.text in _OPENING:
        reader.level += 1
    elif token.text in _CLOSING:
        reader.level -= 1
        if reader.branches:
            branch = reader.branches[-1]
            branch.lowest = min(branch.lowest, reader.level)


def _obey(reader: _Reader, word: str, rest: str) -> None:
    match word:
        case "if" | "ifdef" | "ifndef":
            _begin(reader, word, rest)
        case "elif" | "elifdef" | "elifndef" | "else" if reader.branches:
            _next(reader, word.removeprefix("el"), rest)
        case "endif" if reader.branches:
            _end(reader)
        case "include" if reader.lives and (named := _INCLUDE.match(rest)):
            reader.includes[named[0]] = None
        case "define" if reader.lives and (name := re.match(r"\w+", rest)):
            reader.macros.add(name[0])


def _begin(reader: _Reader, word: str, rest: str) -> None:
    branch = _Branch(len(reader.tokens), reader.level, reader.level, reader.lives)
    reader.branches.append(branch)
    _enter(reader, branch, _truth(word, rest, is_cpp=reader.is_cpp))


def _next(reader: _Reader, word: str, rest: str) -> None:
    branch = reader.branches[-1]
    _leave(reader, branch)
    branch.start, branch.lowest = len(reader.tokens), reader.level
    _enter(reader, branch, _truth(word, rest, is_cpp=reader.is_cpp))


def _enter(reader: _Reader, branch: _Branch, truth: bool | None) -> None:  # noqa: FBT001
    reader.lives = branch.outer_lives and not branch.is_last and truth is not False
    branch.is_last |= truth is True


def _leave(reader: _Reader, branch: _Branch) -> None:
    """Drop the branch that ends here if its brackets don't match those of the one that stays."""
    if not reader.lives:
        return
    is_balanced = reader.level == branch.level == branch.lowest
    if branch.is_first:
        branch.is_first = False
        branch.is_last |= not is_balanced
        for outer in reader.branches[-2:-1]:
            outer.lowest = min(outer.lowest, branch.lowest)
    elif not is_balanced:
        del reader.tokens[branch.start :]
        reader.level = branch.level


def _end(reader: _Reader) -> None:
    branch = reader.branches[-1]
    _leave(reader, branch)
    reader.branches.pop()
    reader.lives = branch.outer_lives


def _truth(word: str, rest: str, *, is_cpp: bool) -> bool | None:
    """Whether a condition holds; None if that can't be told."""
    if word == "if" and rest in ("0", "1"):
        return rest == "1"
    match = _CPP.fullmatch(rest)
    if word not in ("if", "ifdef", "ifndef") or match is None:
        return None
    is_negated = bool(match[1]) != (word == "ifndef")
    return is_cpp != is_negated

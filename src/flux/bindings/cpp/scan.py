"""Finds the functions of a C or C++ text, without compiling it.

Only the top level is read, and what `extern "C"` and name spaces enclose; bodies are stepped over.
Odd text gives odd functions, or none, but never an exception, and all of it in linear time.
"""

from dataclasses import dataclass, field
from itertools import takewhile

from flux.bindings.cpp.brackets import Brackets, paired
from flux.bindings.cpp.declaration import Declaration, Item
from flux.bindings.cpp.functions import Function, Linkage
from flux.bindings.cpp.parameters import read_parameters, read_type
from flux.bindings.cpp.preprocessor import preprocess
from flux.bindings.cpp.tokens import Kind
from flux.graph.types import Type
from flux.source import SourceFile, Span

# What may stand behind the type that an arrow gives.
_TRAILERS = frozenset({"try", "requires", "override", "final", "="})


@dataclass(frozen=True, slots=True)
class Scan:
    """What a text shows: functions, includes as they are written, names that macros may define.

    A text that isn't whole has brackets that don't match, so that anything may be missing.
    """

    functions: tuple[Function, ...]
    includes: tuple[str, ...]
    doubtful: frozenset[str]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """Braces that enclose declarations: `extern "C"`, or a name space."""

    end: int
    linkage: Linkage
    scope: str


@dataclass(slots=True)
class _Scanner:
    file: SourceFile
    text: Brackets
    is_cpp: bool
    blocks: list[_Block]
    functions: list[Function] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)


def scan(file: SourceFile, *, is_cpp: bool) -> Scan:
    """The functions of a text of C++, or of C."""
    found = preprocess(file.text, is_cpp=is_cpp)
    text = paired(found.tokens)
    whole = _Block(len(text.tokens), Linkage.CPP if is_cpp else Linkage.C, "")
    scanner = _Scanner(file, text, is_cpp, [whole])
    at = 0
    while at < len(text.tokens):
        at = _read_declaration(scanner, at)
    doubtful = frozenset(scanner.doubtful) | found.macros
    return Scan(tuple(scanner.functions), found.includes, doubtful, text.is_whole)


def _read_declaration(scanner: _Scanner, at: int) -> int:
    """Read what begins at a place; gives the place behind."""
    tokens, declaration = scanner.text.tokens, Declaration(scanner.text, scanner.doubtful)
    while at < len(tokens):
        match tokens[at].text:
            case ";" if scanner.is_cpp or not _is_old_style(declaration):
                _finish(scanner, declaration, is_defined=False)
                return at + 1
            case ";":
                at += 1
            case "{" if block := _block(scanner, declaration, at):
                scanner.blocks.append(block)
                return at + 1
            case "{" if declaration.is_body():
                _finish(scanner, declaration, is_defined=True)
                return _behind_handlers(scanner, scanner.text.end(at))
            case "{" if not declaration.items:
                return scanner.text.end(at)
            case ")" | "]" | "}":
                _close(scanner, at)
                return at + 1
            case _:
                at = declaration.take(at)
    return at


def _close(scanner: _Scanner, at: int) -> None:
    """Leave the block that a bracket closes; others are odd, and don't matter."""
    if at == scanner.blocks[-1].end:
        scanner.blocks.pop()


def _behind_handlers(scanner: _Scanner, at: int) -> int:
    """The place behind the `catch (...) {...}` of a function whose body is a `try`."""
    tokens = scanner.text.tokens
    while [token.text for token in tokens[at : at + 2]] == ["catch", "("]:
        at = scanner.text.end(at + 1)
        if at < len(tokens) and tokens[at].text == "{":
            at = scanner.text.end(at)
    return at


def _block(scanner: _Scanner, declaration: Declaration, at: int) -> _Block | None:
    """The block of declarations that a `{` opens behind what was read."""
    outer = scanner.blocks[-1]
    end = scanner.text.end(at) - 1
    if declaration.items and declaration.items[0].token.text == "namespace":
        return _Block(end, outer.linkage, _scope(declaration.items[1:]))
    if not declaration.items and declaration.words & {"extern", "export"}:
        return _Block(end, _linkage(declaration.words, outer), outer.scope)
    return None


def _scope(names: list[Item]) -> str:
    name = "".join(item.token.text for item in names)
    return f"the namespace `{name}`" if name else "an unnamed namespace"


def _linkage(words: set[str], outer: _Block) -> Linkage:
    if '"C"' in words:
        return Linkage.C
    return Linkage.CPP if '"C++"' in words else outer.linkage


def _is_old_style(declaration: Declaration) -> bool:
    """Whether types follow the parameters: `int add(a, b) int a; int b; {...}`."""
    if declaration.candidate is None:
        return False
    behind = declaration.items[declaration.candidate.item + 2 :][:2]
    return len(behind) > 1 and all(
        item.token.kind is Kind.NAME or item.token.text == "*" for item in behind
    )


def _finish(scanner: _Scanner, declaration: Declaration, *, is_defined: bool) -> None:
    """Note the function that was declared, if it was one."""
    candidate = declaration.candidate
    if candidate is None or not candidate.is_free:
        return
    name, parameters = declaration.items[candidate.item :][:2]
    block = scanner.blocks[-1]
    scanner.functions.append(
        Function(
            name=name.token.text,
            parameters=read_parameters(
                scanner.file, scanner.text, parameters.start, parameters.end - 1
            ),
            returns=_returned(scanner, declaration, candidate.item),
            linkage=_linkage(declaration.words, block),
            words=frozenset(declaration.words),
            scope=block.scope,
            is_template=declaration.is_template,
            is_defined=is_defined,
            span=Span(scanner.file, name.token.start, name.token.start + len(name.token.text)),
            text=_text(scanner, declaration.items[0], parameters),
        )
    )


def _returned(scanner: _Scanner, declaration: Declaration, name: int) -> Type | None:
    """The type before the name, or behind an arrow."""
    items = declaration.items[:name]
    arrows = [at for at, item in enumerate(declaration.items) if item.token.text == "->"]
    if arrows:
        behind = declaration.items[arrows[0] + 1 :]
        items = list(takewhile(lambda item: item.token.text not in _TRAILERS, behind))
    words = [token.text for item in items for token in scanner.text.tokens[item.start : item.end]]
    return read_type(words) if "auto" not in words else None


def _text(scanner: _Scanner, first: Item, last: Item) -> str:
    """The signature in one line."""
    end = scanner.text.tokens[min(last.end, len(scanner.text.tokens)) - 1]
    text = scanner.file.text[first.token.start : end.start + len(end.text)]
    return " ".join(text.split())

"""`(int socket, std::vector<char*> parts)`: the inputs or outputs of a signature.

A type is whatever C, C++ or Python make of it, so it is read as a run of tokens with balanced
brackets, up to the `,` or `)` outside all of them; the last name is the parameter's. Only then is
the run judged, so that a wrong parameter gets a message of its own and the next one is still read.
"""

from collections.abc import Iterator, Sequence
from itertools import dropwhile, pairwise
from typing import NoReturn

from flux.diagnostics import Code
from flux.syntax.cursor import CLOSING, Cursor
from flux.syntax.declarations import Name, ParameterDecl
from flux.syntax.tokens import Kind, Token

MAX_DEPTH = 50

CLASS_WORDS = frozenset({"struct", "union", "enum", "class"})
# fmt: off
TYPE_WORDS = CLASS_WORDS | {
    "void", "bool", "char", "short", "int", "long", "float", "double", "signed", "unsigned",
    "wchar_t", "char8_t", "char16_t", "char32_t", "const", "volatile", "restrict", "constexpr",
    "auto", "typename", "static", "register", "extern", "inline",
}
# fmt: on

_CLOSERS = frozenset(CLOSING.values())
_OUTER_SIGNS = frozenset({"*", "&", "::", ".", "...", "|"})
_QUALIFIERS = frozenset({"::", "."})
_NAME_FOLLOWS = CLASS_WORDS | _QUALIFIERS
_ENDINGS = frozenset({"->", "=>", ";"})


def read_parameters(cursor: Cursor) -> tuple[ParameterDecl, ...] | None:
    """`(…)`; None if a parameter in it is wrong, which has been reported then."""
    opening = cursor.expect("(")
    if cursor.accept(")"):
        return ()
    parameters = [_read_parameter(cursor, opening)]
    while cursor.accept(","):
        parameters.append(_read_parameter(cursor, opening))
    cursor.expect(")")
    sound = tuple(p for p in parameters if p)
    return sound if len(sound) == len(parameters) else None


def _read_parameter(cursor: Cursor, opening: Token) -> ParameterDecl | None:
    first = cursor.position
    run = _read_run(cursor, opening)
    if problem := _problem(run):
        message, advice = problem
        cursor.report(Code.BAD_PARAMETER, message, cursor.span_from(first), advice=advice)
        return None
    name = Name(run[-1].text, cursor.span(run[-1]))
    return ParameterDecl(tuple(t.text for t in run[:-1]), name, cursor.span_from(first))


def _read_run(cursor: Cursor, opening: Token) -> Sequence[Token]:
    """The tokens up to the `,` or `)` that ends the parameter."""
    first = cursor.position
    open_brackets = [opening]
    while len(open_brackets) > 1 or cursor.peek().text not in (",", ")"):
        _take_type_token(cursor, open_brackets)
    if cursor.position == first:
        cursor.fail("a type and a name")
    return cursor.tokens[first : cursor.position]


def _take_type_token(cursor: Cursor, open_brackets: list[Token]) -> None:
    token, innermost = cursor.peek(), open_brackets[-1]
    if token.kind is Kind.END or token.text in _ENDINGS:
        _fail_unclosed(cursor, open_brackets)
    elif token.text in CLOSING:
        if len(open_brackets) > MAX_DEPTH:
            cursor.fail_too_deep(MAX_DEPTH)
        open_brackets.append(token)
    elif token.text in _CLOSERS:
        if token.text != CLOSING[innermost.text]:
            _fail_unclosed(cursor, open_brackets)
        open_brackets.pop()
    elif len(open_brackets) == 1 and not _may_stand_outside(token):
        cursor.fail("`,` or `)`")
    cursor.take()


def _fail_unclosed(cursor: Cursor, open_brackets: list[Token]) -> NoReturn:
    """Blames the bracket itself if it is part of a type: a type, unlike a list, has one line."""
    innermost, in_type = open_brackets[-1], len(open_brackets) > 1
    cursor.fail_unclosed(innermost, cursor.span(innermost) if in_type else None)


def _may_stand_outside(token: Token) -> bool:
    return token.kind in (Kind.NAME, Kind.STRING) or token.text in _OUTER_SIGNS


def _problem(run: Sequence[Token]) -> tuple[str, str] | None:
    """What is wrong with a parameter, and what to do; None if nothing is."""
    outer = list(_outside_brackets(run))
    if [t.text for t in run] == ["void"]:
        return "`void` is no parameter", "write `()` for a node without any"
    if _has_function_pointer(run, outer):
        return "a parameter can't be a function pointer", "give its type a name in C: `typedef`"
    if _is_array(outer):
        return "a parameter can't be an array", "use a pointer, or give its type a name in C"
    return _type_problem(outer) or _name_problem(run)


def _outside_brackets(run: Sequence[Token]) -> Iterator[Token]:
    """The tokens of a parameter outside all brackets; of a bracket pair, the opening one."""
    depth = 0
    for token in run:
        depth -= token.text in _CLOSERS
        if depth == 0 and token.text not in _CLOSERS:
            yield token
        depth += token.text in CLOSING


def _has_function_pointer(run: Sequence[Token], outer: Sequence[Token]) -> bool:
    """`int (*compare)(int, int)`, where `std::function<int(*)(int)> f` is a type like others."""
    opened = {t.start for t in outer if t.text == "("}
    return any(a.start in opened and b.text == "*" for a, b in pairwise(run))


def _is_array(outer: Sequence[Token]) -> bool:
    """`char buf[4096]`, where `list[int]` only lacks a name."""
    named = list(dropwhile(lambda t: t.text == "[", reversed(outer)))
    is_named = len(named) > 1 and named[0].kind is Kind.NAME and named[1].text not in _QUALIFIERS
    return is_named and len(named) < len(outer)


def _type_problem(outer: Sequence[Token]) -> tuple[str, str] | None:
    first = outer[0]
    if first.kind not in (Kind.NAME, Kind.STRING) and first.text != "::":
        return f"a type can't begin with `{first.text}`", "write the type, then the name"
    for token, following in pairwise(outer):
        if token.text in _NAME_FOLLOWS and not _may_follow(token, following):
            return f"`{token.text}` needs a name behind it", ""
    return None


def _may_follow(token: Token, following: Token) -> bool:
    """Whether a token goes with the `::`, `.` or `struct` before it."""
    if token.text in CLASS_WORDS:
        return following.kind is Kind.NAME or following.text == "::"
    is_member_pointer = token.text == "::" and following.text == "*"
    is_name = following.kind is Kind.NAME and following.text not in CLASS_WORDS
    return is_name or is_member_pointer


def _name_problem(run: Sequence[Token]) -> tuple[str, str] | None:
    advice = "write the type, then the name, as in `int size`"
    match run:
        case [*_, before, Token(kind=Kind.NAME, text=name)] if (
            name not in TYPE_WORDS and before.text not in _NAME_FOLLOWS
        ):
            return None
        case [Token(kind=Kind.NAME, text=word)] if word not in TYPE_WORDS:
            return f"the parameter `{word}` lacks a type or a name", advice
    return "a parameter has no name", advice

"""Declarations to text in the form of the paper, whatever form they had (`flux fmt`).

A statement is written from its tokens, comments among them, and not from its declaration, so that
nothing gets lost: here it is decided which spelling each token gets, which white space stands
between two, and where a line may be broken.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from flux.syntax.cursor import CLOSING
from flux.syntax.declarations import (
    CaseDecl,
    ConstraintDecl,
    DamagedDecl,
    FlowDecl,
    Program,
    SignatureDecl,
    SourceDecl,
    Statement,
)
from flux.syntax.layout import INDENT, Rank, Word, lay_out
from flux.syntax.parameters import TYPE_WORDS
from flux.syntax.tokens import Kind, Token, tokenize

_LINE_END = re.compile(r"\r\n|\r|\n")
_ARROWS = ("->", "=>")
_CLOSERS = tuple(CLOSING.values())
_TIGHT_BEFORE = frozenset({",", ";", ":", ")", "]", "}", "?", "!"})
_TIGHT_BEHIND = frozenset({"(", "[", "{"})
_TIGHT_BEFORE_IN_TYPE = frozenset(",:)]}>([{<*&.") | {"::", "..."}
_TIGHT_BEHIND_IN_TYPE = frozenset("([{<.") | {"::"}


def format_program(program: Program) -> str:
    """The program in the paper's form; comments, order and single blank lines are kept.

    Raises:
        ValueError: if some of it couldn't be read.
    """
    _check_whole(program)
    lines: list[str] = []
    for part in _parts(program):
        if lines and part.line_ends == 0:
            lines[-1] += f" {part.text}"
            continue
        if lines and part.line_ends > 1:
            lines.append("")
        lines.append(part.text)
    return "".join(f"{line}\n" for line in lines)


def _check_whole(program: Program) -> None:
    ends = sum(token.text == ";" for token in program.tokens)
    is_damaged = any(isinstance(s, DamagedDecl) for s in program.statements)
    is_unknown = any(token.kind is Kind.UNKNOWN for token in program.tokens)
    if is_damaged or is_unknown or ends != len(program.statements):
        raise ValueError("a program with syntax errors can't be formatted")


@dataclass(frozen=True, slots=True)
class _Part:
    """A statement, or a comment between statements, and how many line ends stand before it."""

    text: str
    line_ends: int


def _parts(program: Program) -> Iterator[_Part]:
    """Statements and the comments around them, in order."""
    statements = iter(program.statements)
    pending: list[Token] = []
    line_ends = 0
    for token in program.tokens:
        if token.text == ";":
            yield _Part(_format(next(statements), [*pending, token]), max(line_ends, 1))
            pending, line_ends = [], 0
        elif pending or not token.is_trivia:
            pending.append(token)
        elif token.kind is Kind.COMMENT:
            yield _Part(token.text.rstrip(), line_ends)
            line_ends = 0
        else:
            line_ends += len(_LINE_END.findall(token.text))


def _format(statement: Statement, tokens: Sequence[Token]) -> str:
    hanging = INDENT if isinstance(statement, FlowDecl | CaseDecl) else INDENT * 2
    return lay_out(list(_words(statement, tokens)), hanging)


def _words(statement: Statement, tokens: Sequence[Token]) -> Iterator[Word]:
    """The tokens of a statement as words to lay out; comments that need their line get it."""
    left = Token(Kind.SPACE, "", 0)
    depth, has_own_line, is_due = 0, False, False
    for token, begins_line in _without_space(tokens):
        if token.kind is Kind.COMMENT:
            has_own_line = begins_line or is_due
            yield Word(token.text.rstrip(), " ", Rank.NEVER, has_own_line)
            is_due = _ends_line(token)
        else:
            is_due = is_due or (has_own_line and begins_line)
            depth -= token.text in _CLOSERS
            text = _spelling(statement, token, is_first=not left.text)
            space = _space(statement, left, token, depth)
            yield Word(text, space, _rank(statement, left, token, depth), is_due)
            depth += token.text in CLOSING
            has_own_line = is_due = False
        left = token


def _without_space(tokens: Sequence[Token]) -> Iterator[tuple[Token, bool]]:
    """The tokens that aren't white space, and whether each begins a line."""
    begins_line = False
    for token in tokens:
        if token.kind is Kind.SPACE:
            begins_line = bool(_LINE_END.search(token.text))
        else:
            yield token, begins_line
            begins_line = False


def _ends_line(comment: Token) -> bool:
    """Whether nothing can, or should, stand behind a comment on its line."""
    return not comment.text.startswith("/*") or bool(_LINE_END.search(comment.text))


def _spelling(statement: Statement, token: Token, *, is_first: bool) -> str:
    """The paper's choice where the language leaves one."""
    match statement:
        case SourceDecl() if token.text in _ARROWS:
            return "=>"
        case CaseDecl() if token.text == "*":
            return "_"
        case ConstraintDecl() if is_first:
            return "constraint"
    return "->" if token.text in _ARROWS else token.text


def _rank(statement: Statement, left: Token, token: Token, depth: int) -> Rank:
    """Where the paper breaks its lines: behind `=`, before arrows, behind commas of lists."""
    is_flow = isinstance(statement, FlowDecl | CaseDecl)
    if token.text in _ARROWS:
        return Rank.IF_STILL_LONG if is_flow else Rank.IF_LONG
    if is_flow and left.text == "=" and token.text != ";":
        return Rank.IF_LONG
    if left.text == "," and depth <= 1:
        return Rank.IF_STILL_LONG
    return Rank.NEVER


def _space(statement: Statement, left: Token, right: Token, depth: int) -> str:
    if left.kind is Kind.COMMENT:
        return " "
    if isinstance(statement, SignatureDecl) and depth:
        is_tight = _is_tight_in_type(left.text, right.text)
    else:
        is_tight = _is_tight(statement, left.text, right.text)
    return "" if is_tight and _stay_apart(left.text, right.text) else " "


def _is_tight(statement: Statement, left: str, right: str) -> bool:
    """Whether no space stands between two tokens outside types."""
    match left, right:
        case "=", ";":
            return False
        case ":", _:
            return not isinstance(statement, SourceDecl)
        case _, "(":
            return isinstance(statement, ConstraintDecl)
    return left in _TIGHT_BEHIND or right in _TIGHT_BEFORE


def _is_tight_in_type(left: str, right: str) -> bool:
    """Whether no space stands between two tokens of a parameter: `std::pair<int, char*> pair`."""
    if left == "," or (right == "::" and left in TYPE_WORDS):
        return False
    return left in _TIGHT_BEHIND_IN_TYPE or right in _TIGHT_BEFORE_IN_TYPE


@cache
def _stay_apart(left: str, right: str) -> bool:
    """Whether the lexer takes two tokens apart again that have no space between them.

    Dots keep their distance, for a third one would make an ellipsis of them.
    """
    return left + right != ".." and [token.text for token in tokenize(left + right)] == [
        left,
        right,
    ]

"""One function a kind of statement, each by its line of the grammar in `docs/language.md`.

A function reads its statement up to, not including, the `;`. It raises `UnreadableError` where it
can't go on, and reports a slip whose meaning is clear and goes on.
"""

from collections.abc import Callable
from difflib import get_close_matches
from typing import NoReturn, TypeVar

from flux.diagnostics import Code, Diagnostic, Label
from flux.syntax.cursor import STATEMENT_WORDS, Cursor, UnreadableError
from flux.syntax.declarations import (
    CaseDecl,
    ChainDecl,
    ConstraintDecl,
    FlowDecl,
    HandlerDecl,
    LockDecl,
    Name,
    PatternDecl,
    SignatureDecl,
    SourceDecl,
    Statement,
    TypeDecl,
)
from flux.syntax.parameters import read_parameters
from flux.syntax.tokens import Kind

Item = TypeVar("Item")

SCOPES = ("session", "program")
MAX_DEPTH = 200
_SCOPES_HELP = "a constraint holds in one session, or in the whole program, which is the default"


def read_statement(cursor: Cursor) -> Statement | None:
    """The statement at hand; None if it is damaged, which has been reported then."""
    first, second = cursor.peek(), cursor.peek(1)
    if first.kind is Kind.NAME and second.kind is Kind.NAME and first.text in _KEYWORDS:
        return _KEYWORDS[first.text](cursor)
    if first.kind is not Kind.NAME or second.text not in _NAMED:
        _fail_head(cursor)
    return _NAMED[second.text](cursor)


def _read_signature(cursor: Cursor) -> SignatureDecl | None:
    """`Compress (char* raw, int size) -> (char* jpeg, int size)`."""
    first = cursor.position
    name = cursor.take_name()
    inputs = read_parameters(cursor)
    _expect_arrow(cursor, "`->` and the outputs")
    opening = cursor.position
    outputs = read_parameters(cursor)
    if inputs is None or outputs is None:
        return None
    whole, outputs_span = cursor.span_from(first), cursor.span_from(opening)
    return SignatureDecl(name, inputs, outputs, whole, outputs_span)


def _read_source(cursor: Cursor) -> SourceDecl:
    """`source Listen {session: ByUser} => Image`."""
    first = cursor.position
    cursor.take()
    name = cursor.expect_name("the node that is the source")
    session = _read_session(cursor)
    if equals := cursor.accept("="):
        message = "a source is joined to its target by `=>`, not by `=`"
        cursor.report(Code.SYNTAX, message, cursor.span(equals), "write `=>`")
    else:
        _expect_arrow(cursor, "`=>`")
    target = cursor.expect_name("the node that takes what the source gives")
    return SourceDecl(name, session, target, cursor.span_from(first))


def _read_session(cursor: Cursor) -> Name | None:
    form = "a session is written `{session: SessionFunction}`"
    if not cursor.accept("{"):
        return None
    cursor.expect("session", advice=form)
    cursor.expect(":", advice=form)
    function = cursor.expect_name("the session function")
    cursor.expect("}", advice=form)
    return function


def _read_flow(cursor: Cursor) -> FlowDecl:
    """`Image = ReadRequest -> Write`."""
    first = cursor.position
    name = cursor.take_name()
    cursor.expect("=")
    chain = _read_chain(cursor)
    return FlowDecl(name, chain, cursor.span_from(first))


def _read_case(cursor: Cursor) -> CaseDecl:
    """`Handler:[_, _, hit] = ReadInFromDisk -> Compress`."""
    first = cursor.position
    name = cursor.take_name()
    cursor.expect(":")
    if cursor.peek().text == "{":
        cursor.fail(
            "`[` and the patterns of a case",
            f"a constraint is written `constraint {name}:{{…}}`",
        )
    opening = cursor.position
    cursor.expect_behind("[")
    patterns = _read_list(cursor, _read_pattern)
    patterns_span = cursor.span_from(opening)
    cursor.expect_behind("=")
    chain = _read_chain(cursor)
    return CaseDecl(name, patterns, chain, cursor.span_from(first), patterns_span)


def _read_pattern(cursor: Cursor) -> PatternDecl:
    if wildcard := cursor.accept("_", "*"):
        return PatternDecl(None, cursor.span(wildcard))
    name = cursor.expect_name("`_` or a semantic type")
    return PatternDecl(name, name.span)


def _read_typedef(cursor: Cursor) -> TypeDecl:
    """`typedef hit TestInCache`."""
    first = cursor.position
    cursor.take()
    name = cursor.expect_name("a semantic type")
    predicate = cursor.expect_name("the predicate that tests it")
    return TypeDecl(name, predicate, cursor.span_from(first))


def _read_handler(cursor: Cursor) -> HandlerDecl:
    """`handle error ReadInFromDisk -> FourOhFour`."""
    first = cursor.position
    cursor.take()
    if not cursor.accept("error"):
        _fail_handler(cursor, "the word `error` is missing behind `handle`")
    if cursor.peek().text in ("->", "=>"):
        _fail_handler(cursor, "the node whose errors are handled is missing")
    nodes = [cursor.expect_name("the node whose errors are handled")]
    while cursor.accept(","):
        nodes.append(cursor.expect_name("a node"))
    _expect_arrow(cursor, "`->` and the handler")
    handler = cursor.expect_name("the handler")
    if cursor.peek().text in ("->", "=>"):
        _fail_handler(cursor, "an error handler stands for nodes, not for a path")
    return HandlerDecl(tuple(nodes), handler, cursor.span_from(first))


def _fail_handler(cursor: Cursor, message: str) -> NoReturn:
    advice = "write `handle error Node -> Handler`"
    place = Label(cursor.span(cursor.peek()))
    raise UnreadableError(Diagnostic(Code.BAD_HANDLER, message, place, help=advice))


def _read_constraint(cursor: Cursor) -> ConstraintDecl:
    """`constraint CheckCache:{cache?, cart(session)}`."""
    first = cursor.position
    cursor.take()
    node = cursor.expect_name("a node")
    cursor.expect(":")
    cursor.expect("{")
    locks = _read_list(cursor, _read_lock)
    return ConstraintDecl(node, locks, cursor.span_from(first))


def _read_lock(cursor: Cursor) -> LockDecl:
    first = cursor.position
    name = cursor.expect_name("the name of a constraint")
    mark = cursor.accept("?", "!")
    scope = ""
    if cursor.accept("("):
        scope = cursor.expect(*SCOPES, wanted="`session` or `program`", advice=_SCOPES_HELP).text
        cursor.expect(")")
    return LockDecl(name, mark.text if mark else "", scope, cursor.span_from(first))


def _read_list(cursor: Cursor, read_item: Callable[[Cursor], Item]) -> tuple[Item, ...]:
    """Items with commas between them, and the bracket that closes them."""
    opening = cursor.previous
    items = [read_item(cursor)]
    while cursor.accept(","):
        items.append(read_item(cursor))
    cursor.close(opening, "`,`")
    return tuple(items)


def _expect_arrow(cursor: Cursor, wanted: str) -> None:
    cursor.expect("->", "=>", wanted=wanted)


def _read_chain(cursor: Cursor) -> ChainDecl:
    """`ReadInFromDisk -> Compress -> StoreInCache`, or nothing."""
    if cursor.peek().kind is Kind.END or cursor.peek().text == ";":
        return ChainDecl((), cursor.gap())
    if cursor.starts_next_statement():
        return ChainDecl((), cursor.gap())
    first = cursor.position
    chain = _read_items(cursor, depth=0)
    _check_arrows(cursor, first)
    return chain


def _read_items(cursor: Cursor, depth: int) -> ChainDecl:
    first = cursor.position
    items = [_read_item(cursor, depth)]
    while cursor.accept("->", "=>"):
        items.append(_read_item(cursor, depth))
    return ChainDecl(tuple(items), cursor.span_from(first))


def _read_item(cursor: Cursor, depth: int) -> Name | ChainDecl:
    if cursor.peek().text != "(":
        return cursor.expect_name("a node")
    if depth == MAX_DEPTH:
        cursor.fail_too_deep(MAX_DEPTH)
    opening = cursor.take()
    chain = _read_items(cursor, depth + 1)
    cursor.close(opening, "`->`")
    return chain


def _check_arrows(cursor: Cursor, first: int) -> None:
    """Between nodes stands `->`; a chain that has `=>` throughout is one mistake."""
    wrong = next((t for t in cursor.tokens[first : cursor.position] if t.text == "=>"), None)
    if wrong:
        message = "nodes of a flow are joined by `->`, not by `=>`"
        cursor.report(Code.FLOW_ARROW, message, cursor.span(wrong), "write `->`")


_KEYWORDS: dict[str, Callable[[Cursor], Statement]] = {
    "source": _read_source,
    "typedef": _read_typedef,
    "handle": _read_handler,
    "constraint": _read_constraint,
    "atomic": _read_constraint,
}

_NAMED: dict[str, Callable[[Cursor], Statement | None]] = {
    "(": _read_signature,
    "=": _read_flow,
    ":": _read_case,
}


def _fail_head(cursor: Cursor) -> NoReturn:
    """Gives up a statement that begins like none."""
    first, second = cursor.peek(), cursor.peek(1)
    if first.kind is not Kind.NAME:
        cursor.fail("a statement")
    if second.kind is Kind.NAME and (near := get_close_matches(first.text, STATEMENT_WORDS, 1)):
        message = f"no statement begins with `{first.text}`"
        place = Label(cursor.span(first))
        help_ = f"did you mean `{near[0]}`?"
        raise UnreadableError(Diagnostic(Code.SYNTAX, message, place, help=help_))
    cursor.take()
    cursor.fail_behind(f"`(`, `=` or `:` behind `{first.text}`")

"""Text to declarations: one error a mistake, and a tree whatever the text.

A statement that can't be read is given up at the first mistake. Reading resumes where the next
statement surely begins: behind a `;`, or at a line that begins like a statement. What was given up
becomes a `DamagedDecl`, so that later passes don't complain about the names in it.

A `;` in the wrong place cuts one statement into one that looks right and one that looks like
nothing; then the mistake is the `;`, and both parts are damaged.
"""

from collections import deque
from collections.abc import Sequence

from flux.diagnostics import Code, Diagnostic, Label
from flux.source import SourceFile, Span
from flux.syntax.cursor import Cursor, UnreadableError
from flux.syntax.declarations import CaseDecl, DamagedDecl, FlowDecl, Program, Statement
from flux.syntax.statements import read_statement
from flux.syntax.tokens import Kind, Token, tokenize

MAX_CHARACTERS = 2 * 1024 * 1024
MAX_MISTAKES = 100

Parsed = tuple[Program, tuple[Diagnostic, ...]]


def parse(file: SourceFile) -> Parsed:
    """The program in a file, and all that is wrong with its text."""
    if len(file.text) > MAX_CHARACTERS:
        return Program(file, (), ()), (_too_large(file),)
    tokens = tuple(tokenize(file.text))
    parser = _Parser(Cursor(file, tokens), [t for t in tokens if t.kind is Kind.UNKNOWN])
    parser.read_all()
    return Program(file, tuple(parser.statements), tokens), tuple(parser.cursor.diagnostics)


def _too_large(file: SourceFile) -> Diagnostic:
    message = f"the program has more than {MAX_CHARACTERS} characters"
    return Diagnostic(Code.TOO_LARGE, message, Label(Span(file, 0, 0)))


class _Parser:
    """Reads statement after statement, and finds the next one after a mistake."""

    def __init__(self, cursor: Cursor, unknown: list[Token]) -> None:
        self.cursor = cursor
        self.statements: list[Statement] = []
        self._unknown = deque(unknown)

    def read_all(self) -> None:
        while self.cursor.peek().kind is not Kind.END:
            self._read_next()
            if len(self.cursor.diagnostics) >= MAX_MISTAKES:
                self._give_up()
        self._report_unknown(len(self.cursor.file.text))

    def _read_next(self) -> None:
        mistakes = len(self.cursor.diagnostics)
        try:
            self._check_cut()
            self.cursor.first = self.cursor.position
            statement = self._read_whole()
        except UnreadableError as error:
            if len(self.cursor.diagnostics) == mistakes:
                self.cursor.diagnostics.append(error.diagnostic)
            self._skip()
            statement = None
        self._prefer_unknown(mistakes)
        self.statements.append(statement or self._damaged())

    def _read_whole(self) -> Statement | None:
        """Reads a statement and its `;`, and minds the lines only if that fails."""
        mistakes = len(self.cursor.diagnostics)
        self.cursor.minds_lines = False
        try:
            return self._read_ended()
        except UnreadableError:
            del self.cursor.diagnostics[mistakes:]
            self.cursor.position = self.cursor.first
            self.cursor.minds_lines = True
            return self._read_ended()

    def _read_ended(self) -> Statement | None:
        statement = read_statement(self.cursor)
        self._end_statement(statement)
        return statement

    def _check_cut(self) -> None:
        """Makes the flow before and what follows it one damaged statement if they are one."""
        if not self._goes_on():
            return
        self.statements.pop()
        semicolon = Label(self.cursor.span(self.cursor.previous), "ends the flow")
        place = Label(self.cursor.span(self.cursor.peek()), "goes on here")
        message = "the flow goes on behind its `;`"
        raise UnreadableError(Diagnostic(Code.SYNTAX, message, semicolon, (place,)))

    def _goes_on(self) -> bool:
        """Whether what is at hand is no statement but the rest of the flow before."""
        cursor = self.cursor
        if not self.statements or not isinstance(self.statements[-1], FlowDecl | CaseDecl):
            return False
        if cursor.previous.text != ";" or not self.cursor.is_continuation():
            return False
        return cursor.peek().text in ("->", "=>", "(", ")") or (
            cursor.peek().kind is Kind.NAME and cursor.peek(1).text in ("->", "=>", ";", ")")
        )

    def _end_statement(self, statement: Statement | None) -> None:
        """Takes the `;`, which the paper's listings drop here and there."""
        cursor = self.cursor
        if cursor.accept(";"):
            return
        if not (cursor.peek().kind is Kind.END or cursor.is_statement_head()):
            may_go_on = isinstance(statement, FlowDecl | CaseDecl)
            cursor.fail("`->` or `;`" if may_go_on else "`;`")
        advice = "every statement ends with `;`, also where the paper's listings drop it"
        cursor.report(Code.MISSING_SEMICOLON, "a `;` is missing", cursor.gap(), advice)

    def _skip(self) -> None:
        """Gives up what is at hand, up to where the next statement surely begins."""
        cursor = self.cursor
        cursor.minds_lines = True
        while (token := cursor.peek()).kind is not Kind.END:
            may_start = token.kind is Kind.NAME and cursor.position > self.cursor.first
            if may_start and cursor.starts_next_statement():
                return
            cursor.take()
            if token.text == ";" and self._may_begin_statement():
                return

    def _may_begin_statement(self) -> bool:
        """Whether what follows a `;` is more than the rest of a damaged statement."""
        return self.cursor.is_statement_head() or not self.cursor.is_continuation()

    def _damaged(self) -> DamagedDecl:
        """What the tokens of the latest statement seem to be about."""
        tokens = self.cursor.tokens[self.cursor.first : self.cursor.position]
        names = [t.text for t in tokens if t.kind is Kind.NAME]
        span = self.cursor.span_from(self.cursor.first)
        return DamagedDecl(_declared(tokens), frozenset(names), span)

    def _prefer_unknown(self, mistakes: int) -> None:
        """Blames what is no token of Flux, if a statement has such, for all else wrong with it."""
        is_ended = self.cursor.previous.text == ";"
        end = self.cursor.previous.end if is_ended else self.cursor.peek().start
        if self._unknown and self._unknown[0].start < end:
            del self.cursor.diagnostics[mistakes:]
            self._report_unknown(end)

    def _report_unknown(self, end: int) -> None:
        while self._unknown and self._unknown[0].start < end:
            token = self._unknown.popleft()
            if len(self.cursor.diagnostics) < MAX_MISTAKES:
                self.cursor.diagnostics.append(_unknown(self.cursor.span(token)))

    def _give_up(self) -> None:
        """Leaves the rest of a text that is surely no program."""
        cursor = self.cursor
        message = f"the first {MAX_MISTAKES} mistakes are shown, the rest of the text is not read"
        cursor.report(Code.SYNTAX, message, cursor.gap())
        self._unknown.clear()
        if cursor.peek().kind is not Kind.END:
            self.cursor.first, cursor.position = cursor.position, len(cursor.tokens)
            self.statements.append(self._damaged())


def _declared(tokens: Sequence[Token]) -> str | None:
    """The name that a damaged statement seems to declare."""
    match [t.text for t in tokens[:2]]:
        case ["source" | "typedef", name] if tokens[1].kind is Kind.NAME:
            return name
        case [name, "(" | "=" | ":"] if tokens[0].kind is Kind.NAME:
            return name
    return None


def _unknown(span: Span) -> Diagnostic:
    """Why a run of characters is no token."""
    text = span.text
    if text.startswith("/*"):
        message, advice = "a comment is never closed", "close it with `*/`"
    elif text[0] in "\"'":
        message, advice = "a string is never closed", f"close it with `{text[0]}` on its line"
    elif text.isidentifier():
        message, advice = f"`{text}` is no name", "names have only letters a-z, A-Z, digits and `_`"
    else:
        message, advice = f"`{_visible(text[:8])}` means nothing here", "remove it"
    return Diagnostic(Code.SYNTAX, message, Label(span), help=advice)


def _visible(text: str) -> str:
    """Characters that can't be seen by their numbers."""
    return "".join(c if c.isprintable() else f"U+{ord(c):04X}" for c in text)

"""The parser's place in a text: the token at hand, the ones around it, the mistakes found."""

from collections.abc import Sequence
from typing import NoReturn

from flux.diagnostics import Code, Diagnostic, Label
from flux.source import SourceFile, Span
from flux.syntax.declarations import Name
from flux.syntax.tokens import Kind, Token

LEAST_INDENT = 2
STATEMENT_WORDS = ("source", "typedef", "handle", "constraint", "atomic")
CLOSING = {"(": ")", "[": "]", "{": "}", "<": ">"}
_SKIPPED = (Kind.SPACE, Kind.COMMENT, Kind.UNKNOWN)


class UnreadableError(Exception):
    """The statement at hand can't be read further; the diagnostic says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Cursor:
    """Walks over the tokens that mean something, and collects diagnostics on the way.

    White space is free, so a line that begins like a statement may be the middle of one. Only a
    statement that can't be read otherwise is read again by a cursor that minds lines: then such a
    line ends it.
    """

    def __init__(self, file: SourceFile, tokens: Sequence[Token]) -> None:
        self.file = file
        self.tokens = [token for token in tokens if token.kind not in _SKIPPED]
        self.position = 0
        self.first = 0  # where the statement at hand begins
        self.minds_lines = False
        self.diagnostics: list[Diagnostic] = []
        self._end = Token(Kind.END, "", len(file.text))

    def peek(self, ahead: int = 0) -> Token:
        """The token at hand, or a later one; behind the last stands an empty one."""
        index = self.position + ahead
        return self.tokens[index] if index < len(self.tokens) else self._end

    @property
    def previous(self) -> Token:
        """The token taken last; an empty one at the very beginning."""
        return self.tokens[self.position - 1] if self.position else Token(Kind.END, "", 0)

    def take(self) -> Token:
        """The token at hand, which is then done with."""
        token = self.peek()
        self.position += 1
        return token

    def accept(self, *texts: str) -> Token | None:
        """The token at hand if it is one of these."""
        return self.take() if self.peek().text in texts else None

    def expect(self, *texts: str, wanted: str = "", advice: str = "") -> Token:
        """The token at hand, which must be one of these."""
        token = self.accept(*texts)
        return token or self.fail(wanted or f"`{texts[0]}`", advice)

    def expect_behind(self, text: str) -> Token:
        """The token at hand, which must be this one, or it is missing on the line before."""
        return self.accept(text) or self.fail_behind(f"`{text}`")

    def expect_name(self, wanted: str) -> Name:
        """The name at hand; the beginning of the next statement is none."""
        if self.peek().kind is not Kind.NAME or self.starts_next_statement():
            self.fail(wanted)
        return self.take_name()

    def take_name(self) -> Name:
        """The token at hand, which is known to be a name."""
        token = self.take()
        return Name(token.text, self.span(token))

    def span(self, token: Token) -> Span:
        """The place of a token."""
        return Span(self.file, token.start, token.end)

    def span_from(self, first: int) -> Span:
        """The place of all tokens from this index up to the one taken last."""
        return Span(self.file, self.tokens[first].start, self.previous.end)

    def gap(self) -> Span:
        """The empty place behind the token taken last, where something is missing."""
        return Span(self.file, self.previous.end, self.previous.end)

    def begins_line(self, ahead: int = 0) -> bool:
        """Whether the token at hand, or a later one, is the first on its line."""
        index = self.position + ahead
        before = self.tokens[index - 1].end if index else 0
        return index == 0 or "\n" in self.file.text[before : self.peek(ahead).start]

    def column(self, token: Token) -> int:
        """The column of a token, counted from 1."""
        return self.file.position(token.start)[1]

    def is_continuation(self) -> bool:
        """Whether the token at hand stands where statements go on: on their line, or indented."""
        if not self.begins_line():
            return True
        margin = self.column(self.tokens[self.first])
        return self.column(self.peek()) >= margin + LEAST_INDENT

    def is_statement_head(self) -> bool:
        """Whether a statement may begin here: `Name (`, `Name =`, `Name:[` or `keyword Name`."""
        first, second = self.peek(), self.peek(1)
        if first.kind is not Kind.NAME:
            return False
        if second.kind is Kind.NAME:
            return first.text in STATEMENT_WORDS and not self.begins_line(1)
        return second.text in ("(", "=") or (second.text == ":" and self.peek(2).text == "[")

    def starts_next_statement(self) -> bool:
        """Whether the next statement begins here, on a line of its own, if lines are minded."""
        return self.minds_lines and self.is_statement_head() and not self.is_continuation()

    def report(self, code: Code, message: str, span: Span, advice: str = "") -> None:
        """Notes a mistake after which reading goes on."""
        self.diagnostics.append(Diagnostic(code, message, Label(span), help=advice))

    def fail(self, wanted: str, advice: str = "") -> NoReturn:
        """Gives the statement up: something else was wanted here."""
        message = f"expected {wanted}, found {describe(self.peek())}"
        raise UnreadableError(Diagnostic(Code.SYNTAX, message, Label(self._blame()), help=advice))

    def fail_behind(self, wanted: str) -> NoReturn:
        """Gives the statement up: something is missing behind the token taken last."""
        message = f"expected {wanted}, found {describe(self.peek())}"
        place = self.gap() if self.begins_line() else self.span(self.peek())
        raise UnreadableError(Diagnostic(Code.SYNTAX, message, Label(place)))

    def close(self, bracket: Token, others: str) -> None:
        """Takes the token that closes a bracket; `others` might stand there too."""
        closing = CLOSING[bracket.text]
        found = self.peek()
        is_late = found.kind is Kind.END or found.text in (";", "=")
        if is_late or self.starts_next_statement():
            self.fail_unclosed(bracket)
        self.expect(closing, wanted=f"{others} or `{closing}`")

    def fail_unclosed(self, bracket: Token, place: Span | None = None) -> NoReturn:
        """Gives the statement up: a bracket is still open here."""
        message = f"`{bracket.text}` is never closed"
        advice = f"close it with `{CLOSING[bracket.text]}`"
        opened = (Label(self.span(bracket), "opened here"),)
        primary = Label(place or self._blame())
        raise UnreadableError(Diagnostic(Code.SYNTAX, message, primary, opened, help=advice))

    def fail_too_deep(self, limit: int) -> NoReturn:
        """Gives the statement up: nobody nests brackets that deep on purpose."""
        message = f"brackets are nested more than {limit} deep"
        advice = "name a part of the flow, or of the type, and use the name"
        place = Label(self.span(self.peek()))
        raise UnreadableError(Diagnostic(Code.TOO_DEEP, message, place, help=advice))

    def _blame(self) -> Span:
        """The place to point at: what is at hand, or the end of what stands before it.

        An arrow may well begin a line; then something is missing before it.
        """
        found = self.peek()
        if found.kind is Kind.END or self.starts_next_statement() or self._goes_on_with_arrow():
            return self.gap()
        return self.span(found)

    def _goes_on_with_arrow(self) -> bool:
        is_inside = self.position > self.first and self.previous.text != "="
        return self.peek().text in ("->", "=>") and is_inside and self.begins_line()


def describe(token: Token) -> str:
    """A token as diagnostics name it."""
    return "the end of the file" if token.kind is Kind.END else f"`{token.text}`"

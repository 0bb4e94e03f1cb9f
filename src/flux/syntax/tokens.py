"""The words and signs of a Flux text, its comments and white space included.

Nothing is lost: the texts of all tokens, put together, are the program again. So the formatter
keeps comments, and editors can rewrite one statement and leave the rest alone. What is no token of
Flux becomes one too (`UNKNOWN`), and the parser reports it.
"""

import re
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What sort of token it is; `Token.text` says which one."""

    SPACE = "space"
    COMMENT = "comment"
    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    SIGN = "sign"
    UNKNOWN = "unknown"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token and the place of its first character in the text."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The place just behind its last character."""
        return self.start + len(self.text)

    @property
    def is_trivia(self) -> bool:
        """Whether it means nothing to the parser: white space, or a comment."""
        return self.kind is Kind.SPACE or self.kind is Kind.COMMENT


# The kinds are tried in this order. A comment or a string that is never closed must be `unknown`
# before its first character is taken for a sign.
_TOKEN = re.compile(
    r"""
    (?P<space>   [ \t\r\n\f\v\ufeff]+ )
  | (?P<name>    [A-Za-z_][A-Za-z0-9_]*+ (?!\w) )
  | (?P<comment> //[^\r\n]* | \#[^\r\n]* | /\*(?s:.*?)\*/ )
  | (?P<string>  "(?:[^"\\\r\n]|\\[^\r\n])*+" | '(?:[^'\\\r\n]|\\[^\r\n])*+' )
  | (?P<number>  [0-9][A-Za-z0-9_]*+ (?!\w) )
  | (?P<unclosed> /\*(?s:.*) | ["'][^\r\n]* )
  | (?P<sign>    -> | => | :: | \.\.\. | [-=;:,.(){}\[\]<>*&|?!+/%^~] )
  | (?P<unknown> \w+ | [^\t\n\v\f\r\x20-\x7e]+ | (?s:.) )
    """,
    re.VERBOSE,
)

_KINDS = {kind.value: kind for kind in Kind} | {"unclosed": Kind.UNKNOWN}


def tokenize(text: str) -> list[Token]:
    """All tokens of a text, in order; there is no text that has none."""
    return [
        Token(_KINDS[match.lastgroup or ""], match[0], match.start())
        for match in _TOKEN.finditer(text)
    ]

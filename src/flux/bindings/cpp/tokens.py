"""The words and signs of a C or C++ text, and the lines that its preprocessor reads.

Comments and white space are dropped. Any text has tokens, and every one of them is found in linear
time: what is never closed goes on to the end of its line, or of the text.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """What sort of token it is."""

    NAME = "name"
    NUMBER = "number"
    STRING = "string"
    SIGN = "sign"
    DIRECTIVE = "directive"


class Token(NamedTuple):
    """One token and the place of its first character in the text."""

    kind: Kind
    text: str
    start: int


# Nothing may follow a repetition here that could fail: it would be tried again from each character.
_TOKEN = re.compile(
    r"""
    (?P<space>     (?: \s | \\\r?\n )+ )
  | (?P<comment>   // (?: [^\\\n]+ | \\\r?\n | \\ )*  |  /\* (?s:.*?) (?: \*/ | \Z ) )
  | (?P<directive> \# (?: [^\\\n/"']+ | \\\r?\n
                        | // (?: [^\\\n]+ | \\\r?\n | \\ )*  |  /\* (?s:.*?) (?: \*/ | \Z )
                        | "(?: [^"\\\n]+ | \\(?s:.) )* "?  |  '(?:[^'\\\n]|\\.)'
                        | [^\n] )* )
  | (?P<raw>       (?: u8 | [uUL] )? R"(?P<mark> [^()\\\s"]{0,16} ) \(
                     (?s:.*?) (?: \)(?P=mark)" | \Z ) )
  | (?P<string>    (?: u8 | [uUL] )? (?: "(?: [^"\\\n]+ | \\(?s:.) )* "?
                                       | '(?: [^'\\\n]+ | \\(?s:.) )* '? ) )
  | (?P<name>      [^\W\d][\w$]* )
  | (?P<number>    \.?\d (?: [eEpP][-+] | '\w | [\w.] )* )
  | (?P<sign>      :: | -> | \.\.\. | (?s:.) )
    """,
    re.VERBOSE,
)

_KINDS = {kind.value: kind for kind in Kind} | {"raw": Kind.STRING}

_COMMENT = re.compile(r'"(?:[^"\\]+|\\.)*"?|//.*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_DIRECTIVE = re.compile(r"#\s*(\w*)\s*(.*)", re.DOTALL)


def tokenize(text: str) -> Iterator[Token]:
    """All tokens of a text, in order."""
    for match in _TOKEN.finditer(text):
        kind = _KINDS.get(match.lastgroup or "")
        if kind:
            yield Token(kind, match[0], match.start())


def directive(token: Token) -> tuple[str, str]:
    """What a preprocessor's line says: its first word, and the rest without comments."""
    plain = re.sub(r"\\\r?\n", " ", token.text)
    plain = _COMMENT.sub(lambda found: found[0] if found[0].startswith('"') else " ", plain)
    match = _DIRECTIVE.match(plain)
    return (match[1], match[2].strip()) if match else ("", "")

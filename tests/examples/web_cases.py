"""Reads the cases of `web_cases.txt`, and tells what an answer lacks."""

import re
from dataclasses import dataclass, field
from pathlib import Path

TABLE = Path(__file__).with_name("web_cases.txt")
ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}


@dataclass
class Case:
    """A request, and what its answer must be."""

    name: str
    request: bytes = b""
    status: int = 0
    fields: dict = field(default_factory=dict)
    body: bytes | None = None
    closes: bool = False

    @property
    def has_body(self):
        return not self.request.startswith(b"HEAD")

    def faults(self, reply):
        """What is wrong with a reply."""
        found = [f"status {reply.status}"] if reply.status != self.status else []
        for name, value in self.fields.items():
            if reply.fields.get(name) != value:
                found.append(f"{name}: {reply.fields.get(name)}")
        if self.body not in {None, reply.body}:
            found.append(f"body {reply.body!r}")
        if self.closes != (reply.fields["connection"] == "close"):
            found.append(f"connection: {reply.fields['connection']}")
        return found


def read_cases():
    """All cases, in the order of the table."""
    cases = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            cases.append(Case(line[1 : line.rindex("]")]))
        elif line and not line.startswith("#"):
            _read_line(cases[-1], *line.partition(" ")[::2])
    return cases


def _read_line(case, mark, rest):
    match mark:
        case ">":
            target, _, version = rest.partition(" HTTP/")
            line = f"{_filled(target)} HTTP/{version or '1.1'}\r\nHost: here\r\n\r\n"
            case.request = line.encode()
        case "+":
            case.request = case.request[:-2] + f"{_filled(rest)}\r\n\r\n".encode()
        case ">>":
            case.request = _unescaped(rest)
        case "<" if rest.isdigit():
            case.status = int(rest)
        case "<":
            name, _, value = rest.partition(":")
            case.fields[name.lower()] = value.strip() or None
        case "=":
            case.body = _unescaped(rest)
        case "!":
            case.closes = rest == "closes"
        case _:
            raise ValueError(mark)


def _filled(text):
    """A text in which {5} is five letters."""
    return re.sub(r"\{([0-9]+)\}", lambda found: "n" * int(found[1]), text)


def _unescaped(text):
    character = re.compile(r"\\(?:x([0-9a-f]{2})|([rnt\\]))")
    plain = character.sub(lambda m: chr(int(m[1], 16)) if m[1] else ESCAPES[m[2]], text)
    return plain.encode("latin-1")

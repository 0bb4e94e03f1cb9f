"""The cases of `nodes/http_cases.txt`, and what the HTTP codec in Python makes of them.

The codec is the engine's where that one is loaded in its place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flux.nodes.http import HttpError, Limits, Request, RequestParser

TABLE = Path(__file__).with_name("nodes") / "http_cases.txt"
ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}


@dataclass
class Case:
    """Bytes that come, and what the codec gives: requests, and perhaps an error."""

    name: str
    limits: dict[str, int] = field(default_factory=dict)
    data: bytes = b""
    expected: list[str] = field(default_factory=list)


def unescape(text: str) -> bytes:
    character = re.compile(r"\\(?:x([0-9a-f]{2})|([rnt\\]))")
    plain = character.sub(lambda m: chr(int(m[1], 16)) if m[1] else ESCAPES[m[2]], text)
    return plain.encode("latin-1")


def escape(data: bytes) -> str:
    text = data.decode("latin-1").replace("\\", "\\\\")
    for letter, character in ESCAPES.items():
        if letter != "\\":
            text = text.replace(character, f"\\{letter}")
    return re.sub("[^ -~]", lambda m: f"\\x{ord(m[0]):02x}", text)


def repeated(text: str) -> str:
    """A text in which a{5} is five times a."""
    return re.sub(r"(.)\{([0-9]+)\}", lambda m: m[1] * int(m[2]), text)


def read_cases(lines: list[str]) -> Iterator[Case]:
    case = Case("")
    for line in lines:
        mark, _, rest = line.partition(" ")
        match mark[:1]:
            case "[":
                yield case
                case = Case(line[1 : line.rindex("]")])
            case "l":
                case.limits = {k: int(v) for k, v in (pair.split("=") for pair in rest.split())}
            case ">":
                case.data += unescape(rest) * int(mark[1:] or 1)
            case "<":
                case.expected.append(repeated(rest))
            case _:
                assert not line or line.startswith("#"), line
    yield case


CASES = [case for case in read_cases(TABLE.read_text().splitlines()) if case.name]


def describe(request: Request) -> Iterator[str]:
    stays = "stays" if request.keep_alive else "closes"
    yield f"{request.method} {escape(request.target.encode())} {request.version} {stays}"
    if request.path != request.target:
        yield f"  path {escape(request.path.encode())}"
    if request.query:
        yield f"  query {escape(request.query.encode())}"
    for name, value in request.headers.items():
        yield f"  {name}: {escape(value.encode('latin-1'))}"
    if request.body:
        yield f"  body {escape(request.body)}"
    if request.unread:
        yield f"  unread {request.unread}{' awaits leave' if request.awaits_leave else ''}"


def outcome(
    pieces: list[bytes], limits: Limits | None = None, parser: type = RequestParser
) -> list[str]:
    """All requests in the order of the bytes, and what is wrong at last."""
    parser = parser(limits)
    found: list[str] = []
    try:
        for piece in pieces:
            request = parser.feed(piece)
            while request is not None:
                found += describe(request)
                request = parser.feed()
    except HttpError as error:
        found.append(f"{error.status.value} {error.reason}")
    return found


def conforms(text: str, expected: str) -> bool:
    """Whether this was expected; of an error, perhaps only the status is."""
    return text[:3] == expected if re.fullmatch(r"\d{3}", expected) else text == expected

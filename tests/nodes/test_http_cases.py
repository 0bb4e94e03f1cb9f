"""What the HTTP codec makes of the cases that it shares with its C++ twin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from flux.nodes.http import HttpError, Limits, Request, RequestParser

TABLE = Path(__file__).with_name("http_cases.txt")
ESCAPES = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}
MOST_CUTS = 1000


@dataclass
class Case:
    """Bytes that come, and what the codec gives: texts that begin with these."""

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


def is_python(parser: type) -> bool:
    """Whether this is the codec in Python, not the engine's."""
    return parser.__module__.startswith("flux.")


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
                case.expected.append(rest)
            case "!" if is_python(RequestParser):
                case.expected[-1] = rest[:3]
            case "!":
                pass
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


def outcome(case: Case, pieces: list[bytes]) -> list[str]:
    """All requests in the order of the bytes, and what is wrong at last."""
    parser = RequestParser(Limits(**case.limits))
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


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request) -> Case:
    return request.param


def test_case_is_read_as_the_table_says(case):
    found = outcome(case, [case.data])
    assert len(found) == len(case.expected)
    assert all(map(conforms, found, case.expected)), found


def test_case_is_read_the_same_when_it_is_cut_anywhere(case):
    whole = outcome(case, [case.data])
    data = case.data
    for cut in range(0, len(data), 1 + len(data) // MOST_CUTS):
        assert outcome(case, [data[:cut], data[cut:]]) == whole


def test_case_is_read_the_same_byte_by_byte(case):
    pieces = [case.data[i : i + 1] for i in range(len(case.data))]
    assert outcome(case, pieces) == outcome(case, [case.data])


def test_table_has_many_cases_of_different_names():
    assert len({case.name for case in CASES}) == len(CASES) > 200

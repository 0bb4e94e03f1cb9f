"""What must hold whatever bytes come: for the fuzzers, and for what they have found.

Each property takes bytes, and raises what is wrong; `CORPORA` has the folder that it begins with.
"""

import ast
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile

import http_cases
from fuzz import web
from measured.image import WAYS, image_profile

from flux.driver import compile_program, generate
from flux.nodes import native
from flux.nodes.http import Headers, HttpError, Limits, Request
from flux.nodes.http.parser import RequestParser
from flux.profile.comparison import compared
from flux.profile.comparison_text import Side
from flux.profile.comparison_text import as_text as as_compared
from flux.profile.errors import ProfileError
from flux.profile.formats import FORMATS
from flux.profile.reading import read_flows, read_profile
from flux.profile.text import as_text as as_profile
from flux.render import as_json, as_text
from flux.render.paint import plain
from flux.runtime.profiler import requests
from flux.runtime.tracer import context
from flux.source import SourceFile
from flux.syntax.format import format_program
from flux.syntax.parse import parse

Property = Callable[[bytes], None]

HERE = Path(__file__).parent
ENGINE = web.ROOT / "engine" / "fuzz"
LIBRARY = "FLUX_WEB_LIBRARY"  # of the environment: the web server's parsers in C++
TIGHT = Limits(target=40, headers=200, header_count=4, body=20)
END = b"\r\n\r\n"  # of any head: the codec in Python judges one as a whole
OPTIONS = ("host", "php", "port", "root")
USUAL = image_profile(WAYS[:2])


def http(data: bytes) -> None:
    """The codec in Python reads the same wherever the bytes are cut, and whoever takes a body."""
    limits, data = (TIGHT if data[:1] and data[0] % 2 else Limits()), data[2:]
    whole = http_cases.outcome([data], limits, RequestParser)
    bytewise = [data[start : start + 1] for start in range(len(data))]
    assert http_cases.outcome(bytewise, limits, RequestParser) == whole
    assert _body_of(_taken_at_once, data, limits) == _body_of(_taken_in_parts, data, limits)


def _body_of(take: Callable[[bytes, Limits], bytes | None], data: bytes, limits: Limits) -> object:
    """The first request's body, None if it isn't whole; or the status if it is refused."""
    try:
        return take(data, limits)
    except HttpError as error:
        return error.status


def _taken_at_once(data: bytes, limits: Limits) -> bytes | None:
    request = RequestParser(limits).feed(data)
    return None if request is None else request.body


def _taken_in_parts(data: bytes, limits: Limits) -> bytes | None:
    parser = RequestParser(limits)
    head = parser.feed_head(data)
    if head is None:
        return None
    _, body, _ = parser.start(head)
    buffer, taken = bytearray(), b""
    for byte in parser.rest():
        if not body.is_over:
            buffer.append(byte)
            taken += body.take(buffer)
    return taken if body.is_over else None


def codecs(data: bytes) -> None:
    """The codecs in Python and in C++ read the same requests, and refuse the same bytes."""
    limits, data = (TIGHT if data[:1] and data[0] % 2 else Limits()), data[2:] + END
    ours = http_cases.outcome([data], limits, RequestParser)
    theirs = http_cases.outcome([data], limits, engine_parser())
    assert list(map(_verdict, ours)) == list(map(_verdict, theirs)), (ours, theirs)


def engine_parser() -> type:
    """The codec in C++, which the environment names."""
    if not _engine:
        module = native._loaded()
        assert module is not None, f"{native.VARIABLE} names no codec"
        module.bind(Request, Headers, HttpError)
        _engine.append(module.RequestParser)
    return _engine[0]


_engine: list[type] = []


def _verdict(line: str) -> str:
    """A line of an outcome; where several things are wrong, any of their statuses may be told."""
    return "refused" if line[:3].isdigit() else line


def web_parsers(data: bytes) -> None:
    """The web server's parsers read the same in Python and in C++, where that is there."""
    told = web.outcome(data)
    if LIBRARY in os.environ:
        if not _library:
            _library.append(web.native_outcome(Path(os.environ[LIBRARY])))
        assert told == _library[0](data)


_library: list[Callable[[bytes], bytes]] = []


def output(data: bytes) -> None:
    """What a script says becomes the same reply, however it comes, in Python and in C++."""
    web_parsers(b"s" + data)


def settings(data: bytes) -> None:
    """A file of settings is read, or refused by its name."""
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            found = web.read_configuration(Path(file.name), OPTIONS)
        except web.BadConfigurationError as error:
            assert str(error).startswith(file.name)  # noqa: PT017 - either way is right
        else:
            assert len(found.words) % 2 == 0


def syntax(data: bytes) -> None:
    """Any text is a program or has mistakes; a program is formatted, and becomes one in Python."""
    file = SourceFile("program.flux", data.decode(errors="replace"))
    compiled = compile_program(file)
    as_text(compiled.diagnostics)
    as_json(compiled.diagnostics)
    program, mistakes = parse(file)
    if not mistakes:
        formatted = SourceFile(file.name, format_program(program))
        assert parse(formatted) == (program, ())
        assert format_program(parse(formatted)[0]) == formatted.text
    if compiled.plan is not None:
        for name, text in generate(compiled.plan).files.items():
            ast.parse(text, name)


def profile(data: bytes) -> None:
    """A profile is refused in a line, or shown, written and compared."""
    try:
        read = read_profile(data, "a")
    except ProfileError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either way is right
        return
    assert all(line.isprintable() for line in as_profile(read, "time", 10, 80, plain).split("\n"))
    for form in FORMATS.values():
        form(read, "time")
    sides = Side("a", USUAL), Side("b", read)
    as_compared(compared(USUAL, read, "time"), sides, 10, 80, plain)


def flows(data: bytes) -> None:
    """The flows that a server tells are refused in a line, or read."""
    try:
        read_flows(data, "a")
    except ProfileError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either way is right


def request(data: bytes) -> None:
    """Who asks a server for its profile is understood, or refused in a whole answer."""
    try:
        asked = requests.parse(data.partition(END)[0] + END)
        for token in (None, b"secret"):
            requests.admit(asked, token)
    except requests.RefusedError as error:
        head, end, body = error.response().partition(END)
        assert end
        assert f"Content-Length: {len(body)}".encode() in head


def trace(data: bytes) -> None:
    """The context of a trace is none, or means the same when it is sent on."""
    found = context.parsed(data.decode("latin-1"))
    assert found is None or context.parsed(found.as_text()) == found


PROPERTIES: dict[str, Property] = {
    "codecs": codecs,
    "flows": flows,
    "http": http,
    "output": output,
    "profile": profile,
    "request": request,
    "settings": settings,
    "syntax": syntax,
    "trace": trace,
    "web": web_parsers,
}
CORPORA = {
    name: ENGINE / f"{'http' if name == 'codecs' else name}_corpus"
    if name in {"codecs", "http", "output", "settings", "trace", "web"}
    else HERE / "corpora" / name
    for name in PROPERTIES
}

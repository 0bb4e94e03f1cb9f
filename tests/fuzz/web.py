"""What the web server's parsers in Python make of bytes that come from outside.

The same text as that of their twins in C++: `engine/fuzz/web_outcomes.cpp`.
"""

import ctypes
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from flux.nodes.http import Headers, HttpError, Limits, response
from flux.nodes.http.parser import RequestParser

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "examples" / "web"))

from codings import best_coding  # noqa: E402 - importable only now
from conditions import Validators  # noqa: E402 - the same
from configuration import BadConfigurationError, read_configuration  # noqa: E402 - the same
from dates import read_date, write_date  # noqa: E402 - the same
from fastcgi import FastCgiError, Output  # noqa: E402 - the same
from mime import type_of  # noqa: E402 - the same
from pages import key_of  # noqa: E402 - the same
from ranges import read_ranges  # noqa: E402 - the same
from responses import reply_of  # noqa: E402 - the same
from sites import host_of  # noqa: E402 - the same

__all__ = ["BadConfigurationError", "native_outcome", "outcome", "read_configuration"]

SIZE = 1000
MODIFIED = 784_111_777
LAST = 253_402_300_799  # what can be written ends with the year 9999
TYPES = {"css": "text/css", "jpg": "image/jpeg", "mkv": "video/x-matroska", "txt": "text/plain"}
ROOM = 1 << 16


def outcome(data: bytes) -> bytes:
    """What the parser that the first byte names makes of the others."""
    parser = PARSERS.get(data[:1])
    return parser(data[1:]) if parser else b""


def native_outcome(library: Path) -> Callable[[bytes], bytes]:
    """The same by C++."""
    call = ctypes.CDLL(str(library)).web_outcome
    call.argtypes = (ctypes.c_char_p, ctypes.c_size_t, ctypes.c_char_p, ctypes.c_size_t)
    call.restype = ctypes.c_size_t
    room = ctypes.create_string_buffer(ROOM)
    return lambda data: ctypes.string_at(room, call(data, len(data), room, ROOM))


class Said:
    """A script that says some bytes, in pieces of a size."""

    def __init__(self, data: bytes, size: int) -> None:
        self._pieces = [data[start : start + size] for start in range(0, len(data), size)][::-1]

    @property
    def is_over(self) -> bool:
        return not self._pieces

    def read(self) -> bytes:
        return self._pieces.pop() if self._pieces else b""

    def close(self) -> None:
        self._pieces.clear()


def date(text: bytes) -> bytes:
    moment = read_date(text.decode("latin-1"))
    return b"none" if moment is None else f"{moment} {write_date(min(moment, LAST))}".encode()


def ranges(fields: bytes) -> bytes:
    found = read_ranges(tuple(fields.decode("latin-1").split("\n")), SIZE)
    if found is None:
        return b"whole"
    return "".join(f"{start}+{size} " for start, size in found).encode()


def coding(fields: bytes) -> bytes:
    return best_coding(["", "br", "gzip"], fields.decode("latin-1").split("\n")).encode()


def conditions(lines: bytes) -> bytes:
    pairs = [line.partition(":") for line in lines.decode("latin-1").split("\n")]
    headers = Headers([(name, value.strip(" \t")) for name, _, value in pairs])
    page = Validators('"tag"', MODIFIED, MODIFIED + 10)
    failed = page.failed(headers)
    mark = "+" if page.allow_range(headers) else "-"
    return f"{int(failed) if failed else 0}{mark}".encode()


def kind(name: bytes) -> bytes:
    return type_of(name.decode("utf-8", "surrogateescape"), TYPES).encode()


def key(path: bytes) -> bytes:
    found = key_of(path.decode("utf-8", "surrogateescape"))
    return b"none" if found is None else found.encode("utf-8", "surrogateescape")


def script(stream: bytes) -> bytes:
    told = fed(stream, max(len(stream), 1))
    assert fed(stream, 1) == told
    return told


def fed(stream: bytes, size: int) -> bytes:
    """What a FastCGI server says, fed in pieces of that many bytes."""
    output, told = Output(), b""
    try:
        for start in range(0, len(stream), size):
            output.feed(stream[start : start + size])
            told += output.take()
    except FastCgiError as error:
        told += output.take() + str(error).encode()
    end = b"=" if output.is_clean else b"+" if output.is_over else b"-"
    return told + end + output.complaints


def host(head: bytes) -> bytes:
    """The host of a request without a body, of which the end of its head is left out."""
    try:
        request = RequestParser(Limits()).feed(head + b"\r\n\r\n")
    except HttpError:
        return b"refused"
    return b"none" if request is None else host_of(request).encode("latin-1")


def said(data: bytes) -> bytes:
    """The reply that a script's output becomes, in whatever pieces it comes."""
    told = answered(data, max(len(data), 1))
    assert answered(data, 1) == told
    return told


def answered(output: bytes, size: int) -> bytes:
    """The reply, which can be sent."""
    reply = reply_of(Said(output, size), is_head=False)
    response(reply.status, reply.fields)
    pairs = reply.fields.items() if isinstance(reply.fields, Mapping) else reply.fields
    lines = [f"{reply.status.value}", *(f"{name}: {value}" for name, value in pairs)]
    body = b"".join(bytes(part) for piece in reply.body for part in piece.chunks())
    rest = b"".join(iter(reply.rest.read, b"")) if reply.rest else b""
    return "\n".join(lines).encode("latin-1") + b"\n\n" + body + rest


PARSERS = {
    b"d": date,
    b"r": ranges,
    b"c": coding,
    b"v": conditions,
    b"n": kind,
    b"k": key,
    b"f": script,
    b"h": host,
    b"s": said,
}

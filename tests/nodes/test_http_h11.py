"""The cases of the HTTP codec, read by h11: `http_h11.txt` says where it differs, and why."""

from collections.abc import Iterator
from pathlib import Path

import h11
from http_cases import CASES, Case, escape

LISTED = Path(__file__).with_name("http_h11.txt")
MOST = 1 << 20  # bytes of a head: limits are ours
REFUSED = "refused"
END = b"\r\n\r\n"  # of a head: before it comes, h11 refuses nothing


def read_by_h11(data: bytes) -> list[str]:
    """Its requests up to the first that closes, in the words of the table; and `refused`."""
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST)
    found: list[str] = []
    try:
        connection.receive_data(data)
        while (request := next_request(connection)) is not None:
            stays = answer(connection)
            found += describe(*request, stays=stays)
            if not stays:
                break
    except h11.RemoteProtocolError:
        found.append(REFUSED)
    return found


def next_request(connection: h11.Connection) -> tuple[h11.Request, bytes] | None:
    """A whole request and its body."""
    request, body = connection.next_event(), b""
    if not isinstance(request, h11.Request):
        return None
    while not isinstance(event := connection.next_event(), h11.EndOfMessage):
        if not isinstance(event, h11.Data):
            return None
        body += event.data
    return request, body


def answer(connection: h11.Connection) -> bool:
    """Answer the request; whether the connection stays."""
    connection.send(h11.Response(status_code=404, headers=[("Content-Length", "0")]))
    connection.send(h11.EndOfMessage())
    if connection.our_state is h11.MUST_CLOSE:
        return False
    connection.start_next_cycle()
    return True


def describe(request: h11.Request, body: bytes, *, stays: bool) -> Iterator[str]:
    target, version = escape(request.target), request.http_version.decode()
    yield f"{request.method.decode()} {target} {version} {'stays' if stays else 'closes'}"
    fields: dict[bytes, list[bytes]] = {}
    for name, value in request.headers:
        fields.setdefault(name, []).append(value)
    for name, values in fields.items():
        yield f"  {name.decode()}: {escape(b', '.join(values))}"
    if body:
        yield f"  body {escape(body)}"


def told_by_the_table(expected: list[str]) -> list[str]:
    """The same of what the codec gives; it alone splits targets."""
    found: list[str] = []
    for line in expected:
        if not line.startswith(" ") and any(one.endswith(" closes") for one in found):
            break
        if line[:3].isdigit():
            found.append(REFUSED)
        elif line.startswith("  transfer-encoding:"):
            found.append(line.lower())
        elif not line.startswith(("  path ", "  query ")):
            found.append(line)
    return found


def listed() -> Iterator[str]:
    """The names of the cases that the list gives reasons for."""
    for line in LISTED.read_text().splitlines():
        if line.startswith("  "):
            yield line.strip()


def is_read_otherwise(case: Case) -> bool:
    told = told_by_the_table(case.expected)
    end = END if told[-1:] == [REFUSED] else b""
    return read_by_h11(case.data + end) != told


def test_h11_reads_all_other_cases_as_we_do():
    different = {case.name for case in CASES if not case.limits and is_read_otherwise(case)}
    assert different == set(listed())


def test_each_case_has_one_reason():
    names = list(listed())
    assert len(names) == len(set(names))

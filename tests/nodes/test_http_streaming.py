"""Bodies that are read while they come."""

import pytest

from flux.nodes.http import BodyStream, BrokenBodyError, HttpError, Pace, read_head
from flux.nodes.http.framing import FixedBody

HEAD = b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n"


class Wire:
    """A connection whose pieces come after so many seconds each, or too late."""

    def __init__(self, *pieces):
        self.buffer = bytearray()
        self.now = 0.0
        self.pieces = list(pieces)

    def receive(self, deadline):
        seconds, data = self.pieces.pop(0)
        if self.now + seconds > deadline:
            raise TimeoutError
        self.now += seconds
        return data

    def stream(self, length, **pace):
        return BodyStream(self, FixedBody(length), b"", Pace(clock=lambda: self.now, **pace))


def test_head_is_handed_out_before_its_body_has_come(listener, connect):
    client = connect(listener, HEAD)
    connection = listener.listen()
    request, body = read_head(connection)
    assert (request.path, request.body, body.is_over) == ("/a", b"", False)
    client.sendall(b"helloGET")
    assert (body.read(2), body.readall(), body.read(1)) == (b"he", b"llo", b"")
    assert body.is_over
    assert connection.buffer == b"GET"


def test_request_without_a_body_has_no_stream(listener, connect):
    connect(listener, b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
    assert read_head(listener.listen())[1] is None


def test_body_that_is_wrong_already_is_no_request(listener, connect):
    head = HEAD.replace(b"Content-Length: 5", b"Transfer-Encoding: chunked")
    connect(listener, head + b"nonsense\r\n")
    with pytest.raises(HttpError, match="malformed chunk size"):
        read_head(listener.listen())


def test_body_may_take_as_long_as_its_bytes_make_up_for():
    wire = Wire(*[(9.0, b"x" * 90)] * 10)
    assert wire.stream(900, patience=10.0, rate=10.0).readall() == b"x" * 900
    assert wire.now == 90.0


def test_body_that_drips_is_given_up_in_the_end():
    wire = Wire(*[(3.0, b"x")] * 10)
    stream = wire.stream(10, patience=10.0, rate=1.0)
    with pytest.raises(BrokenBodyError, match="408"):
        stream.readall()
    assert len(wire.pieces) == 5
    assert stream.failure.status == 408


def test_quick_beginning_earns_no_longer_waits_than_the_usual():
    stream = Wire((0.0, b"x" * 1000), (11.0, b"x")).stream(1001, patience=10.0, rate=1.0)
    with pytest.raises(BrokenBodyError):
        stream.readall()


def test_broken_body_stays_broken():
    stream = Wire((0.0, b"x"), (11.0, b"x")).stream(2, patience=10.0)
    assert stream.read(9) == b"x"
    for _ in range(2):
        with pytest.raises(BrokenBodyError):
            stream.read(9)
    assert not stream.drop(9)


def test_drop_reads_no_further_than_it_may():
    wire = Wire((0.0, b"x" * 5), (0.0, b"x" * 5), (0.0, b"x" * 5))
    assert not wire.stream(15).drop(6)
    assert len(wire.pieces) == 1
    assert wire.stream(5).drop(6)

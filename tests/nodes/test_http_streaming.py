"""Bodies that are read while they come."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from flux.nodes.http import (
    BodyStream,
    BrokenBodyError,
    HttpError,
    Limits,
    Pace,
    read_head,
    read_request,
)
from flux.nodes.http.framing import FixedBody

HEAD = b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n"
LEAVING = Limits(body=4, streamed=10)


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


def read_and_leave(connection):
    request = read_request(connection, LEAVING)
    return request, BodyStream.left(connection, request)


@pytest.mark.parametrize("read", [read_and_leave, lambda client: read_head(client, LEAVING)])
def test_body_that_is_left_is_read_as_it_comes(listener, connect, read):
    client = connect(listener, HEAD + b"hel")
    connection = listener.listen()
    request, body = read(connection)
    assert (request.body, request.unread, request.keep_alive) == (b"", 5, False)
    assert body.read(2) + body.read(1) == b"hel"
    client.sendall(b"lo and no more")
    assert (body.readall(), body.read(9), body.is_over) == (b"lo", b"", True)


@pytest.mark.parametrize("read", [read_and_leave, lambda client: read_head(client, LEAVING)])
def test_leave_to_send_a_body_that_is_left_is_given_when_it_is_read(listener, connect, read):
    client = connect(listener, HEAD[:-2] + b"Expect: 100-continue\r\n\r\n")
    connection = listener.listen()
    request, body = read(connection)
    assert (request.awaits_leave, body.awaits_leave) == (True, True)
    connection.send(b"first ")
    with ThreadPoolExecutor() as threads:
        reading = threads.submit(body.readall)
        assert client.makefile("rb").read(31) == b"first HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"hello")
        assert reading.result() == b"hello"


def test_body_that_is_left_and_never_whole_is_broken(listener, connect):
    client = connect(listener, HEAD + b"hel")
    connection = listener.listen()
    body = BodyStream.left(connection, read_request(connection, LEAVING))
    assert body.read(1) + body.read(2) == b"hel"
    client.close()
    with pytest.raises(BrokenBodyError, match="has gone"):
        body.readall()


def test_body_of_known_length_above_both_bounds_is_refused(listener, connect):
    connect(listener, HEAD.replace(b"5", b"11"))
    with pytest.raises(HttpError, match="413"):
        read_head(listener.listen(), LEAVING)

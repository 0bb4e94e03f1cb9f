"""Bodies of requests, as an application of WSGI reads them, or doesn't."""

import socket
import threading

import pytest
from nodes.wsgi_server import LARGE, PATIENCE, TEXT, answering, echo

from flux.nodes.http import Limits

CHUNKS = b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n"


@pytest.mark.parametrize(
    ("field", "sent", "body"),
    [
        ("Content-Length: 5", b"abcde", b"abcde"),
        ("Transfer-Encoding: chunked", CHUNKS, b"abcde"),
        (f"Content-Length: {len(LARGE)}", LARGE, LARGE),
        ("Content-Length: 0", b"", b""),
        ("X: y", b"", b""),
    ],
)
def test_body_ends_where_it_ends_and_the_next_request_follows(serve, field, sent, body):
    client = serve(echo).connect()
    for _ in range(2):
        assert client.ask("POST /", field, body=sent)[2] == body


def test_body_is_read_in_all_ways_that_files_have(serve):
    def application(environ, start_response):
        body = environ["wsgi.input"]
        start_response("200 OK", list(TEXT))
        parts = [body.read(2), body.readline(), body.readline(3), body.readlines(2), *body]
        return [repr([*parts, body.read(), body.read(1)]).encode()]

    sent = b"12345\n1234567\nab\ncd\nlast"
    reply = serve(application).ask("POST /", f"Content-Length: {len(sent)}", body=sent)
    parts = [b"12", b"345\n", b"123", [b"4567\n"], b"ab\n", b"cd\n", b"last", b"", b""]
    assert reply[2] == repr(parts).encode()


def test_body_comes_while_it_is_read(serve):
    first_is_read = threading.Event()

    def application(environ, start_response):
        start_response("200 OK", list(TEXT))
        first = environ["wsgi.input"].read(5)
        first_is_read.set()
        return [first, environ["wsgi.input"].read()]

    client = serve(application).connect()
    client.send("POST /", "Content-Length: 10", body=b"first")
    assert first_is_read.wait(PATIENCE)
    client.socket.sendall(b"later")
    assert client.reply()[2] == b"firstlater"


def test_client_that_waits_for_leave_gets_it_when_its_body_is_read(serve):
    client = serve(echo).connect()
    client.send("POST /", "Expect: 100-continue", "Content-Length: 3")
    assert client.reply()[0] == "100 Continue"
    client.socket.sendall(b"abc")
    assert client.reply()[2] == b"abc"
    assert client.ask("GET /")[0] == "200 OK"


def test_client_whose_body_nobody_wants_gets_no_leave(serve):
    client = serve(answering(b"no")).connect()
    status, fields, body = client.ask("POST /", "Expect: 100-continue", "Content-Length: 3")
    assert (status, fields["Connection"], body) == ("200 OK", "close", b"no")
    assert client.file.read() == b""


def test_small_body_that_nobody_reads_is_no_obstacle(serve):
    client = serve(answering(b"ignored")).connect()
    for _ in range(2):
        client.send("POST /", "Content-Length: 100000")
        assert client.reply()[2] == b"ignored"
        client.socket.sendall(bytes(100_000))


def test_large_body_that_nobody_reads_ends_the_connection(serve):
    client = serve(answering(b"ignored")).connect()
    client.send("POST /", f"Content-Length: {len(LARGE)}", body=LARGE[:400_000])
    assert client.reply()[2] == b"ignored"
    assert client.file.read() == b""


@pytest.mark.parametrize(
    ("field", "sent", "status"),
    [
        ("Transfer-Encoding: chunked", b"3\r\nabc\r\nnonsense\r\n", "400 Bad Request"),
        ("Content-Length: 3", b"ab", "408 Request Timeout"),
        ("Content-Length: 99", b"", "413 Content Too Large"),
        ("Transfer-Encoding: chunked", b"3\r\nabc\r\n60\r\n", "413 Content Too Large"),
        ("Content-Length: 1, 1", b"a", "400 Bad Request"),
    ],
)
def test_body_that_can_not_be_read_is_answered_for_the_application(
    serve, caplog, field, sent, status
):
    client = serve(echo, limits=Limits(body=98), timeout=0.2).connect()
    client.send("POST /", field, body=sent)
    assert client.reply()[0] == status
    assert client.file.read() == b""
    assert caplog.text == ""


def test_application_may_answer_a_broken_body_itself(serve):
    has_begun = threading.Event()

    def application(environ, start_response):
        assert environ["wsgi.input"].read(3) == b"abc"
        has_begun.set()
        try:
            environ["wsgi.input"].read()
        except OSError as error:
            start_response("422 Odd", list(TEXT))
            return [str(error).encode()]

    client = serve(application).connect()
    client.send("POST /", "Transfer-Encoding: chunked", body=b"3\r\nabc\r\n")
    assert has_begun.wait(PATIENCE)
    client.socket.sendall(b"nonsense\r\n")
    assert client.reply()[::2] == ("422 Odd", b"400 malformed chunk size")
    assert client.file.read() == b""


def test_client_that_goes_within_its_body_leaves_nothing_on_the_log(serve, caplog):
    read = threading.Event()

    def application(environ, start_response):
        try:
            return echo(environ, start_response)
        finally:
            read.set()

    client = serve(application).connect()
    client.send("POST /", "Content-Length: 3", body=b"a")
    client.socket.shutdown(socket.SHUT_WR)
    assert client.file.read() == b""
    assert read.wait(PATIENCE)
    assert caplog.text == ""

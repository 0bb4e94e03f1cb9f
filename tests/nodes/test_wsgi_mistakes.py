"""Applications of WSGI that fail, or that break the rules."""

import sys

import pytest
from nodes.wsgi_server import TEXT, answering


def raising(_environ, _start_response):
    raise ValueError("oh")


def late_error(_environ, start_response):
    """Changes its mind before anything was sent."""
    start_response("200 OK", list(TEXT))
    try:
        raising(None, None)
    except ValueError:
        start_response("503 Oh", [("Content-Type", "text/oh")], sys.exc_info())
    return [b"sorry"]


def test_answer_may_be_replaced_before_anything_was_sent(serve):
    status, fields, body = serve(late_error).ask("GET /")
    assert (status, fields["Content-Type"], body) == ("503 Oh", "text/oh", b"sorry")


def too_late_error(_environ, start_response):
    """Changes its mind when it is too late."""
    start_response("200 OK", list(TEXT))
    yield b"first"
    try:
        raising(None, None)
    except ValueError:
        start_response("503 Oh", list(TEXT), sys.exc_info())
    yield b"never"


def failing(_environ, start_response):
    start_response("200 OK", list(TEXT))
    yield b"first"
    raise ValueError("oh")


@pytest.mark.parametrize("application", [too_late_error, failing])
def test_answer_that_fails_when_it_has_begun_is_broken_off(serve, caplog, application):
    client = serve(application).connect()
    client.send("GET /", "Connection: close")
    assert client.file.read().endswith(b"\r\n\r\n5\r\nfirst\r\n")
    assert "cannot answer GET /" in caplog.text
    assert "ValueError: oh" in caplog.text


def test_old_client_knows_that_an_answer_broke_off_by_a_reset(serve):
    """Where the body ends with the connection an ordinary end would make it whole."""
    client = serve(failing).connect()
    client.send("GET / HTTP/1.0")
    with pytest.raises(ConnectionResetError):
        client.file.read()


def twice(_environ, start_response):
    start_response("200 OK", list(TEXT))
    start_response("200 OK", list(TEXT))


MISTAKES = {
    "exception": (raising, "ValueError: oh"),
    "no start": (lambda _environ, _start: [b"a"], "start_response must be called"),
    "no start, no body": (lambda _environ, _start: [], "start_response must be called"),
    "two starts": (twice, "start_response is called again"),
    "text": (answering("a"), "a body consists of bytes, not of str"),
    "numbers": (lambda environ, start: (answering()(environ, start), b"ab")[1], "not of int"),
    "nothing": (lambda environ, start: answering()(environ, start).sort(), "TypeError"),
    "status": (answering(status="fine"), "'fine' is no status"),
    "number": (answering(status=200), "200 is no status"),
    "early status": (answering(status="100 Continue"), "'100 Continue' is no status"),
    "line in status": (answering(status="200 OK\r\nX: y"), "is no status"),
    "line in field": (answering(headers=[("X", "a\r\nY: b")]), "is no header field"),
    "snow": (answering(headers=[("X", "\N{SNOWMAN}")]), "is no header field"),
    "bytes": (answering(headers=[("X", b"y")]), "is no header field"),
    "connection": (answering(headers=[("Connection", "close")]), "is the server's own"),
    "hop": (answering(headers=[("transfer-encoding", "chunked")]), "is the server's own"),
    "two lengths": (
        answering(headers=[("Content-Length", "1"), ("Content-length", "2")]),
        "there are two fields Content-length",
    ),
    "length": (answering(headers=[("Content-Length", "-1")]), "'-1' is no Content-Length"),
    "too short": (answering(headers=[("Content-Length", "1")]), "shorter than its Content-Length"),
    "too long": (answering(b"a", headers=[("Content-Length", "0")]), "longer than its"),
}


@pytest.mark.parametrize(("application", "why"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_answered_with_500_and_told_on_the_log(serve, caplog, application, why):
    client = serve(application).connect()
    client.send("GET /")
    assert client.reply()[::2] == ("500 Internal Server Error", b"Internal Server Error\n")
    assert client.file.read() == b""
    assert why in caplog.text


@pytest.mark.parametrize(("length", "seen"), [("3", b"abc"), ("9", b"abcd")])
def test_body_of_another_length_than_it_says_ends_the_connection(serve, caplog, length, seen):
    headers = [*TEXT, ("Content-Length", length)]
    client = serve(answering(b"ab", b"cd", headers=headers)).connect()
    client.send("GET /")
    assert client.file.read().partition(b"\r\n\r\n")[2] == seen
    assert "than its Content-Length" in caplog.text

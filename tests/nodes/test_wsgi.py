"""Requests in order, over TLS, and before the referee of the standard library, by WSGI."""

import ssl
from wsgiref.validate import validator

import pytest
from certificates import make_certificate
from nodes.wsgi_server import LARGE, TEXT, echo

from flux.nodes.tls import Tls


def test_requests_sent_ahead_are_answered_in_order(serve):
    client = serve(echo).connect()
    for number in range(3):
        client.send("POST /", "Content-Length: 1", body=b"%d" % number)
    assert [client.reply()[2] for _ in range(3)] == [b"0", b"1", b"2"]


def test_request_that_is_none_is_refused(serve):
    client = serve(echo).connect()
    client.socket.sendall(b"nonsense\r\n\r\n")
    assert client.reply()[::2] == ("400 Bad Request", b"malformed request line\n")
    assert client.file.read() == b""


def test_over_tls_all_is_the_same_but_the_scheme(serve, tmp_path):
    def application(environ, start_response):
        start_response("200 OK", list(TEXT))
        yield environ["wsgi.url_scheme"].encode()
        yield environ["wsgi.input"].read()

    made = make_certificate(tmp_path, "here")
    served = serve(application, tls=Tls(str(made.certificate), str(made.key)))
    client = served.connect(ssl.create_default_context(cafile=str(made.certificate)))
    for _ in range(2):
        reply = client.ask("POST /", f"Content-Length: {len(LARGE)}", body=LARGE)
        assert reply[2] == b"https" + LARGE


def checked(environ, start_response):
    """Keeps to the standard in all that it does."""
    environ["wsgi.errors"].write("")
    environ["wsgi.errors"].flush()
    body = environ["wsgi.input"]
    parts = [body.read(3), body.readline(), *body.readlines(), body.read(1)]
    write = start_response("200 OK", list(TEXT))
    if environ["QUERY_STRING"] == "write":
        write(b"written ")
    yield environ["REQUEST_METHOD"].encode()
    yield b"".join(parts)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
@pytest.mark.parametrize("query", ["", "write"])
def test_referee_finds_no_fault(serve, method, query):
    client = serve(validator(checked)).connect()
    for _ in range(2):
        status, _, body = client.ask(f"{method} /?{query}", "Content-Length: 7", body=b"a\nbcd\ne")
        assert status == "200 OK"
        whole = f"{'written ' if query else ''}{method}a\nbcd\ne".encode()
        assert body == (b"" if method == "HEAD" else whole)

"""Applications of WSGI, served by the nodes of `flux.nodes.wsgi` in the program of the example."""

import socket
import ssl
import sys
import threading
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from wsgiref.validate import validator

import pytest
from certificates import make_certificate

import flux
from flux.nodes.http import Limits
from flux.nodes.tcp import Listener
from flux.nodes.tls import Tls
from flux.nodes.wsgi import Gateway

PROGRAM = Path(__file__).resolve().parents[2] / "examples" / "wsgi" / "hello.flux"
TEXT = [("Content-Type", "text/plain")]
PATIENCE = 30
LARGE = bytes(range(256)) * 4096  # a mebibyte


class Client:
    """A connection, of bytes and lines."""

    def __init__(self, port, tls=None):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_hostname="127.0.0.1")
        self.file = self.socket.makefile("rb")

    def close(self):
        self.file.close()
        self.socket.close()

    def ask(self, line, *fields, body=b""):
        """Send a request, and read its answer: the status line, its fields, and its body."""
        self.send(line, *fields, body=body)
        return self.reply(has_body=not line.startswith("HEAD"))

    def send(self, line, *fields, body=b""):
        line = line if " HTTP/" in line else f"{line} HTTP/1.1"
        self.socket.sendall("\r\n".join([line, "Host: here", *fields, "", ""]).encode() + body)

    def reply(self, *, has_body=True):
        status = self.line().partition(" ")[2]
        fields = dict(line.split(": ", 1) for line in iter(self.line, ""))
        if not has_body or status[:3] in {"100", "204", "304"}:
            return status, fields, b""
        if "Transfer-Encoding" in fields:
            return status, fields, b"".join(iter(self.chunk, b""))
        length = fields.get("Content-Length")
        return status, fields, self.file.read(None if length is None else int(length))

    def line(self):
        return self.file.readline().decode("latin-1").removesuffix("\r\n")

    def chunk(self):
        """The next chunk, empty at the end; EOFError if the connection ends before."""
        line = self.file.readline()
        if not line:
            raise EOFError
        data = self.file.read(int(line, 16) + 2)
        assert data.endswith(b"\r\n")
        return data[:-2]


class Served:
    """An application that is served, as its clients see it."""

    def __init__(self, listener, stack):
        self.listener = listener
        self.stack = stack

    def connect(self, tls=None):
        client = Client(self.listener.port, tls)
        self.stack.callback(client.close)
        return client

    def ask(self, line, *fields, body=b""):
        return self.connect().ask(line, *fields, body=body)


@pytest.fixture
def serve():
    """Serves applications until the end of the test."""
    with ExitStack() as stack:

        def start(application, *, timeout=float(PATIENCE), tls=None, **options):
            listener = Listener(timeout=timeout, tls=tls)
            gateway = Gateway(application, listener, **options)
            names = ("read_request", "respond", "complete", "refuse", "apologize")
            nodes = SimpleNamespace(**{name: getattr(gateway, name) for name in names})
            nodes.listen = listener.open().listen
            stack.enter_context(flux.load(PROGRAM, nodes).start(runtime="pool", threads=2))
            return Served(listener, stack)

        yield start


def answering(*blocks, status="200 OK", headers=TEXT):
    """An application that answers this, as a list."""

    def application(_environ, start_response):
        start_response(status, list(headers))
        return list(blocks)

    return application


def echo(environ, start_response):
    """An application that gives back what it is sent."""
    start_response("200 OK", list(TEXT))
    return [environ["wsgi.input"].read()]


class Blocks:
    """An iterable that tells how often it was closed."""

    def __init__(self, blocks):
        self.blocks = blocks
        self.closed = threading.Semaphore(0)

    def __iter__(self):
        return iter(self.blocks)

    def close(self):
        self.closed.release()


# What an application is told


@pytest.fixture
def told(serve):
    """What an application is told of a request."""
    environs = []

    def application(environ, start_response):
        environs.append(environ)
        start_response("200 OK", list(TEXT))
        return []

    served = serve(application)

    def ask(line, *fields, body=b""):
        assert served.ask(line, *fields, body=body)[0] == "200 OK"
        return environs[-1]

    ask.port = served.listener.port
    return ask


def test_application_is_told_what_a_request_says(told):
    environ = told(
        "POST /a%20b/%C3%A4?c=%20d", "X-Y: z", "Content-Type: text/x", "Content-Length: 0"
    )
    ours = {key: value for key, value in environ.items() if not key.startswith("wsgi.")}
    assert ours.pop("REMOTE_PORT").isdigit()
    assert ours == {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/a b/\xc3\xa4",
        "QUERY_STRING": "c=%20d",
        "REQUEST_URI": "/a%20b/%C3%A4?c=%20d",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_SOFTWARE": "flux",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(told.port),
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "text/x",
        "CONTENT_LENGTH": "0",
        "HTTP_HOST": "here",
        "HTTP_X_Y": "z",
    }


def test_length_is_told_without_zeros_before_it(told):
    field = "Content-Length: " + 5000 * "0" + "2"
    assert told("POST /", field, body=b"hi")["CONTENT_LENGTH"] == "2"
    assert told("POST /", "Content-Length: 000")["CONTENT_LENGTH"] == "0"


def test_application_is_told_what_the_server_is(told):
    environ = told("GET /")
    keys = ("version", "url_scheme", "multithread", "multiprocess", "run_once", "input_terminated")
    values = [environ[f"wsgi.{key}"] for key in keys]
    assert values == [(1, 0), "http", True, False, False, True]
    assert environ["wsgi.errors"] is sys.stderr
    assert type(environ) is dict


def test_application_under_a_constraint_may_be_told_so(serve):
    def application(environ, start_response):
        start_response("200 OK", list(TEXT))
        return [repr((environ["wsgi.multithread"], environ["wsgi.url_scheme"])).encode()]

    served = serve(application, multithread=False, scheme="https")
    assert served.ask("GET /")[2] == b"(False, 'https')"


def test_fields_that_could_pass_for_others_are_left_out(told):
    environ = told(
        "GET /", "X_Y: z", "Proxy: http://evil", "Cookie: a=b", "Cookie: c=d", "X: 1", "x: 2"
    )
    assert not {"HTTP_X_Y", "HTTP_PROXY", "CONTENT_LENGTH", "CONTENT_TYPE"} & environ.keys()
    assert (environ["HTTP_COOKIE"], environ["HTTP_X"]) == ("a=b; c=d", "1, 2")


@pytest.mark.parametrize(
    ("line", "path", "host"),
    [
        ("GET http://other:81?q", "/", "other:81"),
        ("GET http://other/a/../b", "/a/../b", "other"),
        ("OPTIONS *", "", "here"),
        ("GET //a//b/", "//a//b/", "here"),
    ],
)
def test_targets_of_all_forms_have_a_path_and_a_host(told, line, path, host):
    environ = told(line)
    assert (environ["PATH_INFO"], environ["HTTP_HOST"]) == (path, host)


# Bodies of requests


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


# Answers


@pytest.mark.parametrize("blocks", [[], [b""], [b"abc"], [b"a", b"", b"bc"], [LARGE, b"x"]])
def test_length_of_a_list_is_known(serve, blocks):
    status, fields, body = serve(answering(*blocks)).ask("GET /")
    assert (status, body) == ("200 OK", b"".join(blocks))
    assert fields["Content-Length"] == str(len(body))
    assert fields["Content-Type"] == "text/plain"


def test_blocks_go_out_as_they_come_in_chunks(serve):
    has_come = threading.Event()

    def application(_environ, start_response):
        yield b""
        start_response("200 OK", list(TEXT))
        yield b"first"
        assert has_come.wait(PATIENCE)
        yield b"second"

    client = serve(application).connect()
    client.send("GET /")
    assert client.line() == "HTTP/1.1 200 OK"
    assert "Transfer-Encoding: chunked" in list(iter(client.line, ""))
    assert client.chunk() == b"first"
    has_come.set()
    assert [client.chunk(), client.chunk()] == [b"second", b""]
    assert client.ask("GET /")[2] == b"firstsecond"


def test_blocks_of_a_known_length_need_no_chunks(serve):
    def application(_environ, start_response):
        start_response("200 OK", [*TEXT, ("content-length", "6")])
        yield from [b"one", b"two"]

    client = serve(application).connect()
    for _ in range(2):
        _, fields, body = client.ask("GET /")
        assert (fields["Content-Length"], body) == ("6", b"onetwo")
        assert "Transfer-Encoding" not in fields


def test_old_client_gets_blocks_until_the_connection_ends(serve):
    served = serve(lambda environ, start: iter(answering(b"a", b"b")(environ, start)))
    _, fields, body = served.ask("GET / HTTP/1.0", "Connection: keep-alive")
    assert (fields["Connection"], body) == ("close", b"ab")
    assert not {"Content-Length", "Transfer-Encoding"} & fields.keys()


def test_old_client_that_wants_to_stay_may_where_the_length_is_known(serve):
    client = serve(answering(b"a")).connect()
    for _ in range(2):
        _, fields, body = client.ask("GET / HTTP/1.0", "Connection: keep-alive")
        assert (fields["Connection"], body) == ("keep-alive", b"a")


def test_what_is_written_comes_before_the_iterable(serve):
    def application(_environ, start_response):
        write = start_response("200 OK", list(TEXT))
        write(b"")
        write(b"one")
        write(b"two")
        return [b"three"]

    client = serve(application).connect()
    for _ in range(2):
        _, fields, body = client.ask("GET /")
        assert (fields["Transfer-Encoding"], body) == ("chunked", b"onetwothree")


@pytest.mark.parametrize("length", [None, "5"])
def test_answer_to_head_has_no_body_and_tells_no_length_of_its_own(serve, length):
    headers = [*TEXT, ("Content-Length", length)] if length else TEXT
    client = serve(answering(b"ab", b"cde", headers=headers)).connect()
    for _ in range(2):
        status, fields, _ = client.ask("HEAD /")
        assert (status, fields.get("Content-Length")) == ("200 OK", length)
    assert client.ask("GET /")[2] == b"abcde"


def test_iterable_without_end_ends_for_head(serve):
    blocks = Blocks(iter(lambda: b"x", b""))
    served = serve(lambda environ, start: (answering()(environ, start), blocks)[1])
    assert served.ask("HEAD /")[0] == "200 OK"
    assert blocks.closed.acquire(timeout=PATIENCE)


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_some_statuses_have_no_body_whatever_the_application_gives(serve, status):
    headers = [("ETag", '"x"'), ("Content-Length", "3")]
    client = serve(answering(b"abc", status=status, headers=headers)).connect()
    for _ in range(2):
        assert client.ask("GET /")[0] == status
    assert client.ask("GET /")[1].keys() == {"Date", "ETag", "Connection"}


def test_status_reason_date_and_repeated_fields_are_those_of_the_application(serve):
    headers = [*TEXT, ("Set-Cookie", "a=b"), ("Set-Cookie", "c=d"), ("Date", "long ago")]
    client = serve(answering(b"", status="299 So So", headers=headers)).connect()
    client.send("GET /", "Connection: close")
    text = client.file.read().decode()
    assert text.startswith("HTTP/1.1 299 So So\r\nDate: long ago\r\n")
    assert "\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n" in text


def test_answer_of_a_file_is_its_bytes_and_the_file_is_closed(serve, tmp_path):
    (tmp_path / "file").write_bytes(LARGE)
    files = []

    def application(environ, start_response):
        files.append((tmp_path / "file").open("rb"))
        files[-1].seek(1)
        start_response("200 OK", [*TEXT, ("Content-Length", str(len(LARGE) - 1))])
        return environ["wsgi.file_wrapper"](files[-1], 4096)

    client = serve(application).connect()
    for _ in range(2):
        assert client.ask("GET /")[2] == LARGE[1:]
    assert files[0].closed


def test_wrapper_takes_what_is_no_file_of_the_system(serve):
    def application(environ, start_response):
        start_response("200 OK", list(TEXT))
        blocks = iter([b"a", b"b", b""])
        return environ["wsgi.file_wrapper"](SimpleNamespace(read=lambda _size: next(blocks)))

    assert serve(application).ask("GET /")[2] == b"ab"


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


# What goes wrong


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


@pytest.mark.parametrize("blocks", [[b"a"], iter([b"a", "b"]), [3]])
def test_iterable_is_closed_whatever_becomes_of_it(serve, blocks):
    closing = Blocks(blocks)
    served = serve(lambda environ, start: (answering()(environ, start), closing)[1])
    client = served.connect()
    client.send("GET /", "Connection: close")
    assert client.file.read().startswith(b"HTTP/1.1 ")
    assert closing.closed.acquire(timeout=PATIENCE)
    assert not closing.closed.acquire(blocking=False)


def test_iterable_is_closed_when_its_client_has_gone(serve, caplog):
    blocks = Blocks(iter(lambda: LARGE, b""))
    served = serve(lambda environ, start: (answering()(environ, start), blocks)[1])
    client = served.connect()
    client.send("GET /")
    client.socket.recv(1)
    client.close()
    assert blocks.closed.acquire(timeout=PATIENCE)
    assert caplog.text == ""


def test_application_that_does_not_hear_that_its_client_has_gone_reaches_nobody(serve, caplog):
    seen = threading.Event()

    def application(_environ, start_response):
        write = start_response("200 OK", list(TEXT))
        while not seen.is_set():
            try:
                write(LARGE)
            except OSError:
                seen.set()
        return [b"end"]

    client = serve(application).connect()
    client.send("GET /")
    client.socket.recv(1)
    client.close()
    assert seen.wait(PATIENCE)
    assert caplog.text == ""


def test_failure_of_close_is_told_and_the_answer_is_whole(serve, caplog):
    class Failing(Blocks):
        def close(self):
            raise ValueError("oh")

    served = serve(lambda environ, start: (answering()(environ, start), Failing([b"abc"]))[1])
    client = served.connect()
    client.send("GET /")
    assert client.reply()[2] == b"abc"
    assert client.file.read() == b""
    assert "ValueError: oh" in caplog.text


def test_request_that_is_none_is_refused(serve):
    client = serve(echo).connect()
    client.socket.sendall(b"nonsense\r\n\r\n")
    assert client.reply()[::2] == ("400 Bad Request", b"malformed request line\n")
    assert client.file.read() == b""


def test_requests_sent_ahead_are_answered_in_order(serve):
    client = serve(echo).connect()
    for number in range(3):
        client.send("POST /", "Content-Length: 1", body=b"%d" % number)
    assert [client.reply()[2] for _ in range(3)] == [b"0", b"1", b"2"]


# The referee of the standard library


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

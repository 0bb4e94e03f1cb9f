"""What becomes of what an application of WSGI answers."""

import threading
from types import SimpleNamespace

import pytest
from nodes.wsgi_server import LARGE, PATIENCE, TEXT, Blocks, answering


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

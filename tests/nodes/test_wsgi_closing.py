"""What an application of WSGI gave is closed at the end, also when its client has gone."""

import threading

import pytest
from nodes.wsgi_server import LARGE, PATIENCE, TEXT, Blocks, answering


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

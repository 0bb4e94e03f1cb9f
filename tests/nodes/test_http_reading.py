import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from flux.nodes.http import Disconnected, HttpError, Limits, read_request, response

REQUEST = b"POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"


def test_request_is_read_in_whatever_pieces_it_comes(listener, connect):
    client = connect(listener, REQUEST[:1])
    connection = listener.listen()
    with ThreadPoolExecutor() as threads:
        reading = threads.submit(read_request, connection)
        for byte in REQUEST[1:]:
            client.sendall(bytes([byte]))
        assert reading.result().body == b"hello"


def test_pipelined_requests_are_served_in_order_by_handing_back(listener, connect):
    client = connect(listener, REQUEST + REQUEST.replace(b"/a", b"/b") + REQUEST[:9])
    connection = listener.listen()
    assert read_request(connection).path == "/a"
    listener.keep(connection)
    assert listener.listen() is connection
    assert read_request(connection).path == "/b"
    assert connection.buffer == REQUEST[:9]
    client.sendall(REQUEST[9:])
    assert read_request(connection).path == "/a"
    assert not connection.buffer


def test_slow_client_gets_408(listener, connect):
    connect(listener, REQUEST[:20])
    with pytest.raises(HttpError) as caught:
        read_request(listener.listen(), deadline=time.monotonic() + 0.01)
    assert caught.value.status == 408


def test_request_over_the_limits_gets_its_status(listener, connect):
    connect(listener, REQUEST)
    with pytest.raises(HttpError) as caught:
        read_request(listener.listen(), Limits(body=4))
    assert caught.value.status == 413


@pytest.mark.parametrize("sent", [b"G", REQUEST[:-1]])
def test_client_that_closes_within_its_request_is_gone(listener, connect, sent):
    connect(listener, sent).close()
    connect(listener, REQUEST)
    connection = listener.listen()
    with pytest.raises(Disconnected, match="has gone"):
        read_request(connection)


def test_client_that_resets_within_its_request_is_gone(listener, connect):
    client = connect(listener, REQUEST[:20])
    connection = listener.listen()
    connection.buffer += connection.receive()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    with pytest.raises(Disconnected, match="reset"):
        read_request(connection)


def test_client_that_asks_gets_leave_to_go_on(listener, connect):
    head, _, _ = REQUEST.partition(b"hello")
    client = connect(listener, head.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
    connection = listener.listen()
    with ThreadPoolExecutor() as threads:
        reading = threads.submit(read_request, connection)
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"hel")
        client.sendall(b"lo")
        assert reading.result().body == b"hello"


def test_response_goes_to_the_client_as_it_is(listener, connect):
    client = connect(listener, REQUEST)
    connection = listener.listen()
    parts = response(200, body=read_request(connection).body, keep_alive=False)
    connection.send(*parts)
    connection.close()
    assert b"".join(iter(lambda: client.recv(4096), b"")) == b"".join(parts)


def test_missing_httptools_is_told_with_the_command_that_helps():
    program = "import sys; sys.modules['httptools'] = None; import flux.nodes.http"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert "pip install 'flux-servers[http]'" in done.stderr

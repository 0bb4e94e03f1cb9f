"""Reading a request from a connection, blocking."""

from flux.nodes.http.codec import RequestParser
from flux.nodes.http.message import HttpError, Limits, Request
from flux.nodes.native import native
from flux.nodes.tcp import Connection, UnveiledError


class Disconnected(ConnectionError):  # noqa: N818 - what happened, no mistake of anybody
    """The client closed the connection before its request was whole: there is nobody to answer."""


def read_request(
    connection: Connection, limits: Limits | None = None, deadline: float | None = None
) -> Request:
    """The next request of a connection; what follows it stays in `connection.buffer`.

    HttpError if it can't be read, 408 after the deadline (of `time.monotonic`, for the whole of
    it); Disconnected. After both, close the connection: there is no next request.
    """
    request = request_at_once(connection, limits)
    if request is not None:
        return request
    parser = RequestParser(limits)
    request = parser.feed(connection.buffer)
    connection.buffer.clear()
    try:
        while request is None:
            request = parser.feed(next_bytes(connection, parser.continuation(), deadline))
    except TimeoutError:
        raise HttpError(408) from None
    connection.buffer += parser.rest()
    return request


def request_at_once(connection: Connection, limits: Limits | None) -> Request | None:
    """A request that has come as a whole, as most do; what else has come is then in the buffer."""
    if native is None or connection.veil is not None or connection.buffer:
        return None
    descriptor, buffer = connection.socket.fileno(), connection.buffer
    try:
        request: Request | None = native.request_at_once(descriptor, buffer, limits)
    except ConnectionError as error:
        raise Disconnected(str(error)) from error
    connection.drained = request is not None
    return request


def next_bytes(connection: Connection, leave: bytes, deadline: float | None) -> bytes:
    """What comes next, once the client has this leave to go on, if it waits for one."""
    try:
        if leave:
            connection.send(leave, deadline=deadline)
        data = connection.receive(deadline=deadline)
    except UnveiledError as error:
        raise HttpError(400, "this is HTTPS: ask for https://") from error
    except ConnectionError as error:
        raise Disconnected(str(error)) from error
    if not data:
        raise Disconnected("the client has gone before its request was whole")
    return data

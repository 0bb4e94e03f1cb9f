"""Reading a request from a connection, blocking."""

from flux.nodes.http.message import HttpError, Limits, Request
from flux.nodes.http.parser import RequestParser
from flux.nodes.tcp import Connection


class Disconnected(ConnectionError):  # noqa: N818 - what happened, no mistake of anybody
    """The client closed the connection before its request was whole: there is nobody to answer."""


def read_request(
    connection: Connection, limits: Limits | None = None, deadline: float | None = None
) -> Request:
    """The next request of a connection; what follows it stays in `connection.buffer`.

    HttpError if it can't be read, 408 after the deadline (of `time.monotonic`, for the whole of
    it); Disconnected. After both, close the connection: there is no next request.
    """
    parser = RequestParser(limits)
    request = parser.feed(connection.buffer)
    connection.buffer.clear()
    try:
        while request is None:
            request = parser.feed(_next_bytes(connection, parser, deadline))
    except TimeoutError:
        raise HttpError(408) from None
    connection.buffer += parser.rest()
    return request


def _next_bytes(connection: Connection, parser: RequestParser, deadline: float | None) -> bytes:
    try:
        if leave := parser.continuation():
            connection.send(leave, deadline=deadline)
        data = connection.receive(deadline=deadline)
    except ConnectionError as error:
        raise Disconnected(str(error)) from error
    if not data:
        raise Disconnected("the client has gone before its request was whole")
    return data

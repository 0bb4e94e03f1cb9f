"""Reading a request from a connection, blocking."""

from flux.nodes.http.message import Limits, Request
from flux.nodes.tcp import Connection


class Disconnected(ConnectionError):  # noqa: N818 - what happened, no mistake of anybody
    """The client closed the connection before its request was whole: there is nobody to answer."""


def read_request(
    connection: Connection, limits: Limits | None = None, deadline: float | None = None
) -> Request:
    """The next request of a connection; what follows it stays in `connection.buffer`.

    HttpError if it can't be read, 408 after the deadline (of `time.monotonic`, for the whole of
    it); Disconnected.
    """
    raise NotImplementedError

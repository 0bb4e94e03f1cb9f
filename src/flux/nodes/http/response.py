"""Responses as bytes: the codec's writing half."""

from collections.abc import Mapping

from flux.nodes.tcp import Buffer


def response(
    status: int,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    *,
    head: bool = False,
    keep_alive: bool = True,
) -> list[Buffer]:
    """The parts of a response, for `connection.send(*parts)`.

    Date, Content-Length and Connection are added. With `head` the body counts but isn't sent.
    ValueError if a header's name or value could break out of its line.
    """
    raise NotImplementedError

"""A bare application of RSGI, granian's own interface."""

from typing import Any

from page import TEXT, TYPE

_HEADERS = [("content-type", TYPE), ("content-length", str(len(TEXT)))]


async def app(scope: Any, protocol: Any) -> None:  # noqa: ANN401 - granian's
    """Answer a request."""
    if scope.path == "/":
        protocol.response_bytes(200, _HEADERS, TEXT)
    else:
        protocol.response_empty(404, [])

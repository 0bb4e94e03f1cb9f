"""A bare application of ASGI."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from page import TEXT, TYPE

_LENGTH = str(len(TEXT)).encode()
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", TYPE.encode()), (b"content-length", _LENGTH)],
}
_BODY = {"type": "http.response.body", "body": TEXT}
_MISSING = {
    "type": "http.response.start",
    "status": 404,
    "headers": [(b"content-length", b"0")],
}
_NOTHING = {"type": "http.response.body", "body": b""}


async def app(
    scope: Mapping[str, Any],
    _receive: object,
    send: Callable[[Mapping[str, Any]], Awaitable[None]],
) -> None:
    """Answer a request."""
    found = scope["path"] == "/"
    await send(_START if found else _MISSING)
    await send(_BODY if found else _NOTHING)

"""A bare application of WSGI."""

from collections.abc import Callable
from typing import Any

from page import TEXT, TYPE

_HEADERS = [("Content-Type", TYPE), ("Content-Length", str(len(TEXT)))]


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
    """Answer a request."""
    if environ["PATH_INFO"] != "/":
        start_response("404 Not Found", [("Content-Length", "0")])
        return []
    start_response("200 OK", _HEADERS)
    return [TEXT]

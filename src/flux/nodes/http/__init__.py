"""HTTP/1.1 for servers: a codec without I/O, and a blocking reader on top of it.

It needs httptools: `pip install 'flux-servers[http]'`.
"""

from flux.nodes.http.codec import RequestParser, response
from flux.nodes.http.message import (
    Headers,
    HttpError,
    Limits,
    Request,
    clean_path,
    reason_phrase,
)
from flux.nodes.http.reading import Disconnected, read_request
from flux.nodes.http.response import Framing
from flux.nodes.http.streaming import BodyStream, BrokenBodyError, Pace, read_head

__all__ = [
    "BodyStream",
    "BrokenBodyError",
    "Disconnected",
    "Framing",
    "Headers",
    "HttpError",
    "Limits",
    "Pace",
    "Request",
    "RequestParser",
    "clean_path",
    "read_head",
    "read_request",
    "reason_phrase",
    "response",
]

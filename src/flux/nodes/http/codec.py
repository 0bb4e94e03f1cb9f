"""The codec in use: the engine's where it has been compiled, else the one in Python."""

from typing import TYPE_CHECKING

from flux.nodes.http.message import Headers, HttpError, Request
from flux.nodes.http.parser import RequestParser
from flux.nodes.http.response import response
from flux.nodes.native import native

if native is not None and not TYPE_CHECKING:
    native.bind(Request, Headers, HttpError)
    native.bind_response(response)
    RequestParser = native.RequestParser
    response = native.response

__all__ = ["RequestParser", "response"]

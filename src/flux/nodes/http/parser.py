"""Bytes in, requests out: the codec's reading half."""

from flux.nodes.http.message import Limits, Request


class RequestParser:
    """Reads requests, one after another, from bytes in pieces of any size."""

    def __init__(self, limits: Limits | None = None) -> None:
        raise NotImplementedError

    def feed(self, data: bytes | bytearray = b"") -> Request | None:
        """Add bytes; the next request once it is whole. HttpError if it can't become one."""
        raise NotImplementedError

    @property
    def awaits_continue(self) -> bool:
        """Whether the client waits for `100 Continue` before it sends the body."""
        raise NotImplementedError

    def rest(self) -> bytes:
        """Take out the bytes that came after the last request."""
        raise NotImplementedError

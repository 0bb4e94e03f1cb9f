"""What a client asks for: `/name.jpg?width=640&height=480&quality=75`.

One of width and height alone keeps the picture's shape. Other parameters are not looked at.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qs

from flux.nodes.http import HttpError, Request, clean_path
from gallery import Version
from jpeg import DEFAULT_QUALITY, MAX_QUALITY, NOTHING, Jpeg, Shape
from ppm import MAX_SIDE

_NUMBER = re.compile("[0-9]{1,5}")


class Refused(HttpError):  # noqa: N818 - what becomes of the request
    """Sound HTTP that asks for what isn't to be had; the connection is as good as before."""

    def __init__(self, request: Request, status: HTTPStatus, reason: str) -> None:
        super().__init__(status, reason)
        self.request = request


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the form that a client asks for, and its JPEG once there is one."""

    request: Request
    name: str
    shape: Shape
    version: Version | None = None
    jpeg: Jpeg = NOTHING
    cached: bool = False
    keep_alive: bool = False  # what its reply has told the client

    @property
    def key(self) -> tuple[str, Shape]:
        """What the cache knows it by."""
        return self.name, self.shape


def asked_for(request: Request) -> Picture:
    """The picture that a request is about, or Refused."""
    if request.method not in {"GET", "HEAD"}:
        raise Refused(request, HTTPStatus.METHOD_NOT_ALLOWED, "pictures are for GET and HEAD")
    path = clean_path(request.path)
    if path is None or not path.endswith(".jpg"):
        raise Refused(request, HTTPStatus.NOT_FOUND, "pictures have names like /landscape.jpg")
    return Picture(request, path.removesuffix(".jpg"), _shape(request))


def _shape(request: Request) -> Shape:
    given = parse_qs(request.query, keep_blank_values=True)
    try:
        return Shape(
            _number(given, "width", MAX_SIDE),
            _number(given, "height", MAX_SIDE),
            _number(given, "quality", MAX_QUALITY) or DEFAULT_QUALITY,
        )
    except ValueError as error:
        raise Refused(request, HTTPStatus.BAD_REQUEST, str(error)) from None


def _number(given: dict[str, list[str]], name: str, most: int) -> int | None:
    """A parameter from 1 to a bound, None where it isn't given; ValueError if it is another."""
    match given.get(name):
        case None:
            return None
        case [text] if _NUMBER.fullmatch(text) and 1 <= int(text) <= most:
            return int(text)
        case _:
            raise ValueError(f"{name} is a number from 1 to {most}")

"""The answers: a picture, that it hasn't changed, or why there is none."""

from collections.abc import Iterable
from errno import EMFILE, ENFILE, ENOBUFS, ENOMEM
from http import HTTPStatus

from flux.nodes.http import HttpError, response
from flux.nodes.tcp import Buffer
from gallery import NoPictureError
from picture import Picture

_EXHAUSTED = {EMFILE, ENFILE, ENOBUFS, ENOMEM}


def picture_reply(picture: Picture, *, keep_alive: bool) -> list[Buffer]:
    """The JPEG, or that the client has it already."""
    request, tag = picture.request, f'"{picture.jpeg.tag}"'
    known = _is_known(tag, request.headers.all("If-None-Match"))
    headers = {
        "Content-Type": "image/jpeg",
        "ETag": tag,
        "Cache-Control": "public, max-age=60",
        "X-Cache": "hit" if picture.cached else "miss",
    }
    return response(
        HTTPStatus.NOT_MODIFIED if known else HTTPStatus.OK,
        headers,
        picture.jpeg.data,
        head=known or request.method == "HEAD",
        keep_alive=keep_alive,
    )


def refusal(error: BaseException | None, *, head: bool, keep_alive: bool) -> list[Buffer]:
    """A line of text that says what is wrong."""
    status = status_of(error)
    headers = {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    match status:
        case HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = "GET, HEAD"
        case HTTPStatus.SERVICE_UNAVAILABLE:
            headers["Retry-After"] = "1"
        case _:
            pass
    reason = error.reason if isinstance(error, HttpError) else status.phrase
    text = f"{status.value} {reason}\n".encode()
    return response(status, headers, text, head=head, keep_alive=keep_alive)


def status_of(error: BaseException | None) -> HTTPStatus:
    """The status that tells of an error; 500 where the fault is ours or the folder's."""
    match error:
        case HttpError():
            return error.status
        case NoPictureError():
            return HTTPStatus.NOT_FOUND
        case MemoryError():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case OSError(errno=number) if number in _EXHAUSTED:
            return HTTPStatus.SERVICE_UNAVAILABLE
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR


def _is_known(tag: str, fields: Iterable[str]) -> bool:
    """Whether If-None-Match names a tag; weak comparison, as RFC 9110 has it."""
    named = {known.strip().removeprefix("W/") for field in fields for known in field.split(",")}
    return tag in named or named == {"*"}

"""What clients ask for, and the answers they get."""

from dataclasses import replace
from email.utils import parsedate_to_datetime
from errno import EMFILE, ENOSPC
from http import HTTPStatus

import pytest

from flux.nodes.http import HttpError, RequestParser
from gallery import NoPictureError
from jpeg import Jpeg, Shape
from picture import Refused, asked_for
from ppm import BadPictureError
from replies import picture_reply, refusal, status_of


def request(target, method="GET", **fields):
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    text = f"{method} {target} HTTP/1.1\r\nHost: here\r\n{lines}\r\n"
    return RequestParser().feed(text.encode())


def answer(parts):
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    status, *fields = head.decode().split("\r\n")
    return status, dict(field.split(": ", 1) for field in fields), body


@pytest.mark.parametrize(
    ("target", "name", "shape"),
    [
        ("/a.jpg", "a", Shape(None, None, 75)),
        ("/a.jpg?", "a", Shape(None, None, 75)),
        ("/folder/b%20c.jpg", "folder/b c", Shape(None, None, 75)),
        ("/folder/../a.jpg", "a", Shape(None, None, 75)),
        ("/a.jpg?width=640", "a", Shape(640, None, 75)),
        ("/a.jpg?height=48&width=64&quality=95", "a", Shape(64, 48, 95)),
        ("/a.jpg?width=65500&height=1&quality=1", "a", Shape(65500, 1, 1)),
        ("/a.jpg?colour=blue&width=007", "a", Shape(7, None, 75)),
    ],
)
def test_a_target_names_a_picture_and_its_shape(target, name, shape):
    picture = asked_for(request(target))
    assert (picture.name, picture.shape) == (name, shape)


@pytest.mark.parametrize(
    "query",
    [
        "width=0",
        "width=-1",
        "width=",
        "width",
        "width=65501",
        "width=1.5",
        "width=1e3",
        "width=%20640",
        "width=+640",
        "width=%D9%A3",
        "width=999999999999999999999",
        "width=1&width=2",
        "height=x",
        "quality=0",
        "quality=96",
        "quality=%00",
    ],
)
def test_parameters_out_of_bounds_are_refused(query):
    with pytest.raises(Refused) as refused:
        asked_for(request(f"/a.jpg?{query}"))
    assert refused.value.status == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    "target",
    ["/", "/a", "/a.ppm", "/a.jpg/b", "/../a.jpg", "/%2e%2e/a.jpg", "/..%2fa.jpg", "/a%5c.jpg"],
)
def test_what_can_be_no_picture_is_not_found(target):
    with pytest.raises(Refused) as refused:
        asked_for(request(target))
    assert refused.value.status == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_refused_with_those_that_are_allowed(method):
    with pytest.raises(Refused) as refused:
        asked_for(request("/a.jpg", method))
    status, fields, _ = answer(refusal(refused.value, head=False, keep_alive=True))
    assert (status, fields["Allow"]) == ("HTTP/1.1 405 Method Not Allowed", "GET, HEAD")


@pytest.fixture
def picture():
    return replace(asked_for(request("/a.jpg")), jpeg=Jpeg(b"jpeg", "tag"))


def test_a_picture_comes_with_all_that_caches_and_browsers_need(picture):
    status, fields, body = answer(picture_reply(picture, keep_alive=True))
    parsedate_to_datetime(fields.pop("Date"))
    assert (status, body) == ("HTTP/1.1 200 OK", b"jpeg")
    assert fields == {
        "Content-Type": "image/jpeg",
        "Content-Length": "4",
        "ETag": '"tag"',
        "Cache-Control": "public, max-age=60",
        "X-Cache": "miss",
        "Connection": "keep-alive",
    }


def test_a_picture_from_the_cache_says_so(picture):
    _, fields, _ = answer(picture_reply(replace(picture, cached=True), keep_alive=False))
    assert (fields["X-Cache"], fields["Connection"]) == ("hit", "close")


def test_head_gets_the_same_without_the_body(picture):
    asked = replace(picture, request=request("/a.jpg", "HEAD"))
    status, fields, body = answer(picture_reply(asked, keep_alive=True))
    assert (status, fields["Content-Length"], body) == ("HTTP/1.1 200 OK", "4", b"")


@pytest.mark.parametrize("known", ['"tag"', 'W/"tag"', '"other", "tag"', "*", ' W/"x" ,"tag"'])
def test_a_client_that_has_the_picture_is_told_so(picture, known):
    asked = replace(picture, request=request("/a.jpg", If_None_Match=known))
    status, fields, body = answer(picture_reply(asked, keep_alive=True))
    assert (status, fields["ETag"], body) == ("HTTP/1.1 304 Not Modified", '"tag"', b"")


@pytest.mark.parametrize("known", ['"other"', "tag", '"tag', "", '"*"'])
def test_a_client_that_has_another_picture_gets_this_one(picture, known):
    asked = replace(picture, request=request("/a.jpg", If_None_Match=known))
    assert answer(picture_reply(asked, keep_alive=True))[2] == b"jpeg"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (HttpError(431), 431),
        (NoPictureError("a"), 404),
        (BadPictureError("a"), 500),
        (OSError(EMFILE, ""), 503),
        (OSError(ENOSPC, ""), 500),
        (MemoryError(), 503),
        (ZeroDivisionError(), 500),
        (None, 500),
    ],
)
def test_every_error_has_its_status(error, status):
    assert status_of(error) == status


def test_a_server_out_of_resources_says_when_to_come_back():
    status, fields, _ = answer(refusal(MemoryError(), head=False, keep_alive=True))
    assert (status, fields["Retry-After"]) == ("HTTP/1.1 503 Service Unavailable", "1")


def test_a_fault_of_ours_tells_nothing_of_the_inside():
    _, _, body = answer(refusal(ZeroDivisionError("secret"), head=False, keep_alive=True))
    assert body == b"500 Internal Server Error\n"


def test_a_refusal_of_head_has_no_body():
    _, fields, body = answer(refusal(NoPictureError("a"), head=True, keep_alive=True))
    assert (fields["Content-Length"], body) == ("14", b"")

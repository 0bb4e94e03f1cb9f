"""Replies to sound requests: a page, parts of it, that it hasn't changed, or why there is none."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import quote

from codings import best_coding
from conditions import Validators
from dates import write_date
from exchange import Piece, Reply, in_memory
from flux.nodes import http
from mime import type_of
from pages import Form, Page
from ranges import Range, read_ranges

_ALLOWED = "GET, HEAD, OPTIONS"
_BILLION = 1_000_000_000
_LONGEST_LOCATION = 2048


def refusal(status: int, reason: str = "", **more: str) -> Reply:
    """A line of text that says what is wrong, with more fields than usual."""
    status = HTTPStatus(status)
    fields = {name.replace("_", "-"): value for name, value in more.items()}
    fields |= {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        fields["Allow"] = _ALLOWED
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        fields["Retry-After"] = "1"
    text = f"{status.value} {reason or http.reason_phrase(status)}\n"
    return Reply(status, fields, (in_memory(text.encode()),))


def represent(request: http.Request, page: Page, types: dict[str, str], now: int) -> Reply:
    """What a client gets of the page that it asked for."""
    match request.method:
        case "OPTIONS":
            return Reply(HTTPStatus.NO_CONTENT, {"Allow": _ALLOWED})
        case "GET" | "HEAD":
            pass
        case _:
            return refusal(HTTPStatus.METHOD_NOT_ALLOWED)
    match page.status:
        case HTTPStatus.OK:
            return _whole_or_part(request, page, types, now)
        case HTTPStatus.MOVED_PERMANENTLY:
            return _moved(request, page)
        case status:
            return refusal(status)


def _moved(request: http.Request, page: Page) -> Reply:
    """A folder's own name ends with a slash: links on its page are relative to it."""
    query = f"?{request.query}" if request.query else ""
    location = f"/{quote(page.name)}/{query}"
    if len(location) > _LONGEST_LOCATION:
        return refusal(HTTPStatus.REQUEST_URI_TOO_LONG)
    return refusal(page.status, Location=location)


def _whole_or_part(request: http.Request, page: Page, types: dict[str, str], now: int) -> Reply:
    codings = [form.coding for form in page.forms]
    coding = best_coding(codings, request.headers.all("accept-encoding"))
    form = page.forms[codings.index(coding)]
    modified = min(form.version.modified // _BILLION, now)
    validators = Validators(form.tag, modified, now)
    fields = _validating_fields(page, validators)
    failed = validators.failed(request.headers)
    if failed == HTTPStatus.NOT_MODIFIED:
        return Reply(failed, fields)
    if failed is not None:
        return refusal(failed)
    kind = type_of(page.name, types)
    if coding:
        fields["Content-Encoding"] = coding
    fields |= {"Accept-Ranges": "bytes", "X-Content-Type-Options": "nosniff"}
    ranges = None
    if request.method == "GET" and validators.allow_range(request.headers):
        ranges = read_ranges(request.headers.all("range"), form.version.size)
    return _with_body(form, ranges, kind, fields)


def _validating_fields(page: Page, validators: Validators) -> dict[str, str]:
    fields = {"ETag": validators.tag, "Last-Modified": write_date(validators.modified)}
    if len(page.forms) > 1:
        fields["Vary"] = "Accept-Encoding"
    return fields


def _with_body(form: Form, ranges: list[Range] | None, kind: str, fields: dict[str, str]) -> Reply:
    size = form.version.size
    match ranges:
        case None:
            whole = Piece(form.content, 0, size)
            return Reply(HTTPStatus.OK, {"Content-Type": kind, **fields}, (whole,))
        case []:
            place = f"bytes */{size}"
            return refusal(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, Content_Range=place)
        case [only]:
            fields = {"Content-Type": kind, "Content-Range": _content_range(only, size), **fields}
            return Reply(HTTPStatus.PARTIAL_CONTENT, fields, (Piece(form.content, *only),))
        case _:
            return _many_parts(form, ranges, kind, fields)


def _content_range(part: Range, size: int) -> str:
    start, length = part
    return f"bytes {start}-{start + length - 1}/{size}"


def _many_parts(form: Form, ranges: Sequence[Range], kind: str, fields: dict[str, str]) -> Reply:
    """A multipart body (14.6); its boundary is the tag, which is another for another content."""
    boundary = "part-" + form.tag.strip('"')
    body = []
    for part in ranges:
        content_range = _content_range(part, form.version.size)
        head = f"\r\n--{boundary}\r\nContent-Type: {kind}\r\nContent-Range: {content_range}\r\n\r\n"
        body += [in_memory(head.encode()), Piece(form.content, *part)]
    body.append(in_memory(f"\r\n--{boundary}--\r\n".encode()))
    fields = {"Content-Type": f"multipart/byteranges; boundary={boundary}", **fields}
    return Reply(HTTPStatus.PARTIAL_CONTENT, fields, tuple(body))

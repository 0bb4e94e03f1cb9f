"""Replies to sound requests: a page, parts of it, that it hasn't changed, or why there is none."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from urllib.parse import quote

from codings import best_coding
from conditions import Validators
from exchange import Piece, Reply, in_memory
from flux.nodes import http
from pages import Form, Page
from ranges import Range, read_ranges

_ALLOWED = "GET, HEAD, OPTIONS"
_VALIDATING = ("ETag", "Last-Modified")
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


def represent(request: http.Request, page: Page, now: int) -> Reply:
    """What a client gets of the page that it asked for."""
    if page.is_lost_script:  # which methods it would take, nobody knows
        return refusal(page.status)
    match request.method:
        case "OPTIONS":
            return Reply(HTTPStatus.NO_CONTENT, {"Allow": _ALLOWED})
        case "GET" | "HEAD":
            pass
        case _:
            return refusal(HTTPStatus.METHOD_NOT_ALLOWED)
    match page.status:
        case HTTPStatus.OK:
            return _whole_or_part(request, page, now)
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


def _whole_or_part(request: http.Request, page: Page, now: int) -> Reply:
    form = _best_form(request, page)
    vary = {"Vary": "Accept-Encoding"} if len(page.forms) > 1 else {}
    validators = Validators(form.tag, form.modified, now)
    failed = validators.failed(request.headers)
    if failed == HTTPStatus.NOT_MODIFIED:
        return Reply(failed, {name: form.fields[name] for name in _VALIDATING} | vary)
    if failed is not None:
        return refusal(failed)
    ranges = None
    if request.method == "GET" and validators.allow_range(request.headers):
        ranges = read_ranges(request.headers.all("range"), form.version.size)
    return _with_body(form, ranges, {**form.fields, **vary} if vary else form.fields)


def _best_form(request: http.Request, page: Page) -> Form:
    if len(page.forms) == 1:
        return page.forms[0]
    codings = [form.coding for form in page.forms]
    coding = best_coding(codings, request.headers.all("accept-encoding"))
    return page.forms[codings.index(coding)]


def _with_body(form: Form, ranges: list[Range] | None, fields: Mapping[str, str]) -> Reply:
    size = form.version.size
    match ranges:
        case None:
            return Reply(HTTPStatus.OK, fields, (Piece(form.content, 0, size),))
        case []:
            place = f"bytes */{size}"
            return refusal(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, Content_Range=place)
        case [only]:
            fields = {**fields, "Content-Range": _content_range(only, size)}
            return Reply(HTTPStatus.PARTIAL_CONTENT, fields, (Piece(form.content, *only),))
        case _:
            return _many_parts(form, ranges, fields)


def _content_range(part: Range, size: int) -> str:
    start, length = part
    return f"bytes {start}-{start + length - 1}/{size}"


def _many_parts(form: Form, ranges: Sequence[Range], fields: Mapping[str, str]) -> Reply:
    """A multipart body (14.6); its boundary is the tag, which is another for another content."""
    boundary = "part-" + form.tag.strip('"')
    kind, body = fields["Content-Type"], []
    for part in ranges:
        content_range = _content_range(part, form.version.size)
        head = f"\r\n--{boundary}\r\nContent-Type: {kind}\r\nContent-Range: {content_range}\r\n\r\n"
        body += [in_memory(head.encode()), Piece(form.content, *part)]
    body.append(in_memory(f"\r\n--{boundary}--\r\n".encode()))
    fields = {**fields, "Content-Type": f"multipart/byteranges; boundary={boundary}"}
    return Reply(HTTPStatus.PARTIAL_CONTENT, fields, tuple(body))

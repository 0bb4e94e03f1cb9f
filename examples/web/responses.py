"""What scripts say, as CGI has it (RFC 3875, 6), made replies."""

import re
from http import HTTPStatus

from answers import refusal
from exchange import Reply, in_memory
from runner import Script

_LONGEST_HEAD = 3072  # bytes of fields
_LONGEST_END = 4  # bytes behind them
_OURS = {"connection", "content-length", "date", "keep-alive", "transfer-encoding", "status"}
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t -~\x80-\xff]*)")
_WITHOUT_CONTENT = {
    HTTPStatus.NO_CONTENT,
    HTTPStatus.RESET_CONTENT,
    HTTPStatus.NOT_MODIFIED,
}
_STATUS = re.compile(r"[1-5][0-9]{2}(?: .*)?")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


def reply_of(script: Script, *, is_head: bool) -> Reply:
    """The reply that a script's output is; 502 if it is none.

    The rest of a body that is not over yet follows as it comes. So does that of an answer to HEAD:
    there is none, and nobody knows how long it would have been. The fields go out with the first
    of the body: what fails until that is there raises what `Script.read` does, and can be told.
    """
    head, body = _read_head(script)
    pairs = _fields(head)
    status = _status(pairs) if pairs is not None else None
    if pairs is None or status is None:
        script.close()
        return refusal(HTTPStatus.BAD_GATEWAY)
    passed = tuple(pair for pair in pairs if pair[0].lower() not in _OURS)
    if status in _WITHOUT_CONTENT:
        script.close()
        return Reply(status, passed)
    if not (body or script.is_over or is_head):
        body = script.read()
    if script.is_over:
        script.close()
    rest = None if script.is_over and not is_head else script
    return Reply(status, passed, (in_memory(body),), rest)


def _read_head(script: Script) -> tuple[bytes, bytes]:
    """The fields, and what has come behind them."""
    text = b""
    while (end := _END_OF_HEAD.search(text)) is None and len(text) < _LONGEST_HEAD + _LONGEST_END:
        more = script.read()
        if not more:
            break
        text += more
    return (text[: end.start()], text[end.end() :]) if end else (b"", b"")


def _fields(head: bytes) -> list[tuple[str, str]] | None:
    """Names and values; None where there are none."""
    lines = [line.removesuffix(b"\r") for line in head.split(b"\n")]
    matches = [match for line in lines if (match := _FIELD.fullmatch(line))]
    if len(head) > _LONGEST_HEAD or len(matches) < len(lines):
        return None
    return [(match[1].decode(), match[2].strip(b" \t").decode("latin-1")) for match in matches]


def _status(pairs: list[tuple[str, str]]) -> HTTPStatus | None:
    """What `Status` says; 302 if there is only a `Location`; None if there is no such status."""
    names = {name.lower(): value for name, value in reversed(pairs)}
    text = names.get("status", "302" if "location" in names else "200")
    if not _STATUS.fullmatch(text):
        return None
    try:
        status = HTTPStatus(int(text[:3]))
    except ValueError:
        return None
    return status if status >= HTTPStatus.OK else None

"""Whether a client wants what there is (RFC 9110, 13)."""

from dataclasses import dataclass
from http import HTTPStatus

from dates import read_date
from flux.nodes.http import Headers

_STRONG_AFTER = 1  # seconds: what was modified just now may be modified again at the same second


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells one state of a page from another: its tag, and when it was modified."""

    tag: str
    modified: int  # in seconds since 1970
    now: int

    def failed(self, headers: Headers) -> HTTPStatus | None:
        """304 or 412 if the conditions ask for that, in the order that 13.2.2 says."""
        if headers.all("if-match"):
            if not self._among("if-match", headers, weak=False):
                return HTTPStatus.PRECONDITION_FAILED
        elif _is_before(_date(headers, "if-unmodified-since"), self.modified):
            return HTTPStatus.PRECONDITION_FAILED
        if headers.all("if-none-match"):
            known = self._among("if-none-match", headers, weak=True)
        else:
            since = _date(headers, "if-modified-since")
            known = since is not None and self.modified <= since
        return HTTPStatus.NOT_MODIFIED if known else None

    def allow_range(self, headers: Headers) -> bool:
        """Whether If-Range lets a client have a part (13.1.5)."""
        wanted = headers.all("if-range")
        if not wanted or wanted == (self.tag,):
            return True
        strong = self.modified + _STRONG_AFTER < self.now
        return strong and _date(headers, "if-range") == self.modified

    def _among(self, name: str, headers: Headers, *, weak: bool) -> bool:
        """Whether a field names the tag, or any; none has a comma, so that lists are cut there."""
        named = {tag.strip(" \t") for field in headers.all(name) for tag in field.split(",")}
        if named == {"*"}:
            return True
        return self.tag in ({tag.removeprefix("W/") for tag in named} if weak else named)


def _date(headers: Headers, name: str) -> int | None:
    values = headers.all(name)
    return read_date(values[0]) if len(values) == 1 else None


def _is_before(date: int | None, moment: int) -> bool:
    return date is not None and date < moment

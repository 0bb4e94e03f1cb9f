"""Times as HTTP writes them (RFC 9110, 5.6.7)."""

import re
import time
from calendar import timegm
from email.utils import formatdate

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = f"(?:{'|'.join(_DAYS)})"
_MONTH = f"(?P<month>{'|'.join(_MONTHS)})"
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
_FORMS = (
    re.compile(rf"{_DAY}, (?P<day>[0-9]{{2}}) {_MONTH} (?P<year>[0-9]{{4}}) {_TIME} GMT"),
    re.compile(
        r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, "
        rf"(?P<day>[0-9]{{2}})-{_MONTH}-(?P<year>[0-9]{{2}}) {_TIME} GMT"
    ),
    re.compile(rf"{_DAY} {_MONTH} (?P<day>[ 0-9][0-9]) {_TIME} (?P<year>[0-9]{{4}})"),
)
_MOST = {"hour": 23, "minute": 59, "second": 60}  # a leap second may be


def write_date(seconds: int) -> str:
    """A moment, in seconds since 1970."""
    return formatdate(seconds, usegmt=True)


def read_date(text: str) -> int | None:
    """The moment, in seconds since 1970, if this is a date in one of the three forms."""
    for form in _FORMS:
        match = form.fullmatch(text)
        if match is not None:
            return _moment(match)
    return None


def _moment(match: re.Match[str]) -> int | None:
    number = {name: int(text) for name, text in match.groupdict().items() if name != "month"}
    month = _MONTHS.index(match["month"]) + 1
    year = number["year"] if len(match["year"]) > 2 else _full_year(number["year"])  # noqa: PLR2004
    known = all(number[name] <= most for name, most in _MOST.items())
    if not known or year == 0 or not 1 <= number["day"] <= _days_in(year, month):
        return None
    return timegm((year, month, number["day"], number["hour"], number["minute"], number["second"]))


def _full_year(two_digits: int) -> int:
    """The year with these last digits that is at most 50 years from now, else in the past."""
    now = time.gmtime().tm_year
    year = now - now % 100 + two_digits
    return year - 100 if year > now + 50 else year


def _days_in(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 31 - (month in {4, 6, 9, 11}) - (month == 2) * (2 if leap else 3)  # noqa: PLR2004

"""The context of a trace, and its text: `traceparent` of W3C Trace Context.

https://www.w3.org/TR/trace-context/#traceparent-header
"""

import re
from typing import NamedTuple

FORM = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})"
    r"(?P<more>-.*)?"
)
SAMPLED = 1


class Context(NamedTuple):
    """Which span of which trace; `sampled` is whether anybody is told of it."""

    trace: int
    span: int
    sampled: bool

    def as_text(self) -> str:
        """What a header says of it."""
        return f"00-{self.trace:032x}-{self.span:016x}-{SAMPLED if self.sampled else 0:02x}"


def parsed(text: object) -> Context | None:
    """The context that a text says; None if it is none.

    Of a version that is still to come, what goes on behind the flags is left alone.
    """
    found = FORM.fullmatch(text) if isinstance(text, str) else None
    if found is None or found["version"] == "ff" or (found["version"] == "00" and found["more"]):
        return None
    trace, span = int(found["trace"], 16), int(found["span"], 16)
    return Context(trace, span, bool(int(found["flags"], 16) & SAMPLED)) if trace and span else None

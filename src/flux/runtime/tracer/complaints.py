"""What the SDK says in its log while it sends our spans: kept from there, for we tell it ourselves.

Others in this process may send spans of their own, and their log is left alone.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LOGS = (
    "opentelemetry.exporter.otlp.common.http",
    "opentelemetry.exporter.otlp.proto.common._internal",
    "opentelemetry.exporter.otlp.proto.common._internal.trace_encoder",
    "opentelemetry.exporter.otlp.proto.http.trace_exporter",
    "urllib3.connectionpool",
)


class _Listening(threading.local):
    """What has been said on this thread; None if nobody listens."""

    said: list[str] | None = None


_here = _Listening()


def _is_for_the_log(entry: logging.LogRecord) -> bool:
    """Whether it goes on to the log, or was said to us."""
    if _here.said is None:
        return True
    if entry.levelno >= logging.WARNING:
        _here.said.append(" ".join(entry.getMessage().split()))
    return False


@contextmanager
def listening() -> Iterator[list[str]]:
    """Gives what the SDK says meanwhile on this thread."""
    for name in LOGS:
        logging.getLogger(name).addFilter(_is_for_the_log)
    said: list[str] = []
    _here.said = said
    try:
        yield said
    finally:
        _here.said = None

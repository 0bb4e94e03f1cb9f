"""What brings spans to a receiver: batches, retries, headers and the environment are the SDK's.

Here is what it lacks: the newest flows are dropped when too many spans wait, those that get lost
are counted and told of once a minute, and the end takes two seconds at most.
"""

import sys
import threading
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from flux.runtime.tracer.complaints import listening

PATH = "/v1/traces"
QUEUE = 2**14
LAST = 2.0
MINUTE = 60.0


class Sender:
    """A queue of spans, and the thread that sends them; nobody waits for it."""

    def __init__(self, url: str) -> None:
        """Get ready. Raises ValueError if the URL is none, or the environment contradicts itself.

        The queue is bounded here, so that the SDK never drops what is older.
        """
        endpoint = endpoint_of(url)
        self._losses = Losses(endpoint)
        self._exporter = _Exporter(OTLPSpanExporter(endpoint=endpoint), self._losses)
        self._processor = BatchSpanProcessor(self._exporter, max_queue_size=QUEUE)

    def send(self, spans: Sequence[ReadableSpan]) -> None:
        """Queue the spans of a flow; none of them if there is no room for all."""
        if self._exporter.expect(len(spans)):
            for span in spans:
                self._processor.on_end(span)
        else:
            self._losses.add(len(spans), "it is slower than the server")

    def close(self) -> None:
        """Send what is left, but not for long, and tell of what was dropped."""
        closing = threading.Thread(target=self._processor.shutdown, daemon=True)
        closing.start()
        closing.join(LAST)
        left = self._exporter.give_up()
        if left:
            self._losses.add(left, "the server has ended")
        self._losses.tell()


class Losses:
    """How many spans were dropped, told at most once a minute."""

    def __init__(self, endpoint: str, now: Callable[[], float] = time.monotonic) -> None:
        self._endpoint = endpoint
        self._now = now
        self._guard = threading.Lock()
        self._untold = 0
        self._why = ""
        self._next = now()

    def add(self, number: int, why: str) -> None:
        """Count some more."""
        with self._guard:
            self._untold += number
            self._why = why
            due = self._now() >= self._next
        if due:
            self.tell()

    def tell(self) -> None:
        """Tell those that are untold."""
        with self._guard:
            untold, self._untold = self._untold, 0
            self._next = self._now() + MINUTE
        if untold:
            told = f"flux: {untold:,} spans of traces dropped: {self._endpoint}: {self._why}\n"
            sys.stderr.write(told)


class _Exporter(SpanExporter):
    """The SDK's, which is told how many spans will come, and counts those it doesn't get across."""

    def __init__(self, exporter: SpanExporter, losses: Losses) -> None:
        self._exporter = exporter
        self._losses = losses
        self._guard = threading.Lock()
        self._waiting = 0
        self._over = False
        self._open = True

    def expect(self, number: int) -> bool:
        """Whether there is room for so many more."""
        with self._guard:
            has_room = not self._over and self._waiting + number <= QUEUE
            self._waiting += number if has_room else 0
        return has_room

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch; what can't be sent is dropped."""
        if self._over:
            return SpanExportResult.FAILURE
        complaint = self._complaint(spans)
        with self._guard:
            was_waited_for = not self._over
            self._waiting -= len(spans)
        if complaint is None:
            return SpanExportResult.SUCCESS
        if was_waited_for:
            self._losses.add(len(spans), complaint)
        return SpanExportResult.FAILURE

    def _complaint(self, spans: Sequence[ReadableSpan]) -> str | None:
        """Why spans can't be sent; None if they are."""
        with listening() as said:
            try:
                result = self._exporter.export(spans)
            except Exception as error:  # noqa: BLE001 - some SDKs raise what others log
                said.append(" ".join(str(error).split()))
                result = SpanExportResult.FAILURE
        if result is SpanExportResult.SUCCESS:
            return None
        return said[-1] if said else "it takes none"

    def give_up(self) -> int:
        """Send no more; how many spans that leaves."""
        with self._guard:
            self._over = True
        self.shutdown()
        return self._waiting

    def shutdown(self) -> None:
        """End the retries, once."""
        with self._guard:
            was_open, self._open = self._open, False
        if was_open:
            self._exporter.shutdown()


def endpoint_of(url: str) -> str:
    """Where a receiver gets traces. Raises ValueError if that is no URL."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError("a URL is http://127.0.0.1:4318, say")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("secrets go into OTEL_EXPORTER_OTLP_HEADERS, and queries can't be had")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("a URL has neither spaces nor characters beyond ASCII")
    path = parts.path.rstrip("/")
    return parts._replace(path=path if path.endswith(PATH) else path + PATH).geturl()

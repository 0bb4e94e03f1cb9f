"""A receiver of OpenTelemetry's OTLP over HTTP, in protobuf and in JSON; and the spans it gets."""

import base64
import gzip
import json
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span as ProtoSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status

PATIENCE = 60.0  # seconds: the machine may be busy
IDS = ("traceId", "spanId", "parentSpanId")


@dataclass(frozen=True)
class Span:
    """One span as it was received; ids are hexadecimal, `parent` is empty for the first one."""

    trace: str
    id: str
    parent: str
    name: str
    kind: str
    start: int
    end: int
    attributes: dict
    is_error: bool
    message: str
    resource: dict
    scope: str


class Receiver:
    """Keeps what it is sent, unless it is told to answer with another status.

    `requests` are the paths and headers of requests. With `hangs` nobody gets an answer.
    """

    def __init__(self, status=200, *, hangs=False):
        self.status = status
        self.spans = []
        self.requests = []
        self.asked = threading.Event()
        self._news = threading.Condition()
        self._hangs = hangs
        self._leave = threading.Event()

    @contextmanager
    def listening(self):
        """Listens, and gives the URL for `--trace`."""
        with ThreadingHTTPServer(("127.0.0.1", 0), _handler(self)) as server:
            thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_address[1]}"
            finally:
                self._leave.set()
                server.shutdown()
                thread.join()

    def take(self, path, headers, body):
        """The status of the answer."""
        self.asked.set()
        if self._hangs:
            self._leave.wait(PATIENCE)
        if self.status == 200:
            spans = list(decoded(headers, body))
            with self._news:
                self.requests.append((path, headers))
                self.spans += spans
                self._news.notify_all()
        return self.status

    def wait_for(self, number):
        """At least so many spans."""
        with self._news:
            assert self._news.wait_for(lambda: len(self.spans) >= number, PATIENCE), self.spans
            return list(self.spans)


def decoded(headers, body):
    """The spans of one request."""
    if headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    if headers["content-type"].startswith("application/json"):
        request = json_format.ParseDict(_without_hex(json.loads(body)), ExportTraceServiceRequest())
    else:
        assert headers["content-type"] == "application/x-protobuf"
        request = ExportTraceServiceRequest.FromString(body)
    for resource in request.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield _read(span, _values(resource.resource.attributes), scope.scope.name)


def _read(span, resource, scope):
    return Span(
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        name=span.name,
        kind=ProtoSpan.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        start=span.start_time_unix_nano,
        end=span.end_time_unix_nano,
        attributes=_values(span.attributes),
        is_error=span.status.code == Status.STATUS_CODE_ERROR,
        message=span.status.message,
        resource=resource,
        scope=scope,
    )


def _values(attributes):
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


def _without_hex(value):
    """OTLP's JSON has ids in hexadecimal, where protobuf's JSON has base64."""
    if isinstance(value, list):
        return [_without_hex(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: base64.b64encode(bytes.fromhex(each)).decode() if key in IDS else _without_hex(each)
        for key, each in value.items()
    }


def _handler(receiver):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(receiver.take(self.path, headers, body))
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

        def handle(self):
            with suppress(ConnectionError):  # of a server that has ended
                super().handle()

    return Handler

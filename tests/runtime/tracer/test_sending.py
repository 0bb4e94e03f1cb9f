"""What is sent, and what becomes of it where the receiver is away or slow."""

import logging
import os
import re
import socket
import time

import pytest
from measured.receiver import Receiver
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext
from runtime.profiler.profiles import program
from runtime.tracer.traces import giving, served, traced

from flux.runtime import TraceError, TraceOptions
from flux.runtime.tracer import sender
from flux.runtime.tracer.sender import Losses, endpoint_of

END = 4.0  # seconds: two, and what a busy machine needs


@pytest.fixture
def nobody():
    """The URL of a port where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def lost(text):
    return sum(int(number.replace(",", "")) for number in re.findall(r"flux: ([\d,]+) spans", text))


def seconds(function):
    start = time.monotonic()
    function()
    return time.monotonic() - start


def test_the_resource_is_the_server(tmp_path):
    (flow,) = traced(tmp_path, Listen=giving(2))
    resource = flow.whole.resource
    assert resource["service.name"] == "image"
    assert resource["process.pid"] == os.getpid()
    assert resource["telemetry.sdk.name"] == "opentelemetry"
    assert resource["telemetry.sdk.language"] == "python"
    assert {"telemetry.sdk.version", "flux.fingerprint"} < set(resource)


def test_the_environment_names_the_service(tmp_path, monkeypatch):
    monkeypatch.setenv("OTEL_SERVICE_NAME", "pictures")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test,service.version=3")
    (flow,) = traced(tmp_path, Listen=giving(2))
    resource = flow.whole.resource
    assert resource["service.name"] == "pictures"
    assert resource["deployment.environment"] == "test"
    assert resource["service.version"] == "3"


def test_the_environment_gives_headers_and_compression(tmp_path, monkeypatch):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer%20secret")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
    receiver = Receiver()
    assert len(traced(tmp_path, receiver=receiver, Listen=giving(2))) == 1
    ((path, headers),) = receiver.requests
    assert path == "/v1/traces"
    assert headers["authorization"] == "Bearer secret"
    assert headers["content-encoding"] == "gzip"


def test_the_address_in_the_environment_is_not_that_of_the_option(tmp_path, monkeypatch, nobody):
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", nobody)
    assert len(traced(tmp_path, Listen=giving(2))) == 1


def test_spans_are_sent_while_the_server_runs(tmp_path, monkeypatch):
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "10")
    receiver = Receiver()
    with receiver.listening() as url:
        steps = iter([2])

        def listen():
            yield next(steps)
            receiver.wait_for(7)

        served(tmp_path, url, Listen=listen)
    assert len(receiver.spans) == 7


def test_a_receiver_that_is_away_is_told_of_once(tmp_path, nobody, capsys, caplog):
    with caplog.at_level(logging.DEBUG):
        server = served(tmp_path, nobody, Listen=giving(*range(0, 400, 2)))
    assert server.counters.finished == 200
    errors = capsys.readouterr().err
    assert 1 <= len(errors.splitlines()) <= 2
    assert lost(errors) == 200 * 7
    assert f"{nobody}/v1/traces" in errors
    assert caplog.records == []


@pytest.mark.parametrize("manner", [{"hangs": True}, {"status": 503}])
def test_a_server_ends_soon_whatever_its_receiver_does(tmp_path, capsys, manner):
    receiver = Receiver(**manner)
    with receiver.listening() as url:
        server = program(tmp_path, Listen=giving(*range(0, 400, 2))).server(
            trace=TraceOptions(url, 1)
        )
        server.start()
        server.wait()
        assert seconds(server.stop) < END
        assert receiver.asked.is_set()
    assert lost(capsys.readouterr().err) == 200 * 7


@pytest.mark.parametrize("status", [500, 401])
def test_a_receiver_that_refuses_is_told_of_with_its_reason(tmp_path, capsys, status):
    traced(tmp_path, receiver=Receiver(status=status), Listen=giving(2))
    errors = capsys.readouterr().err
    assert lost(errors) == 7
    assert str(status) in errors


def test_flows_wait_for_nobody_and_the_newest_are_dropped(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sender, "QUEUE", 70)
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "70")
    receiver = Receiver(hangs=True)
    with receiver.listening() as url:
        server = served(tmp_path, url, Listen=giving(*range(0, 400, 2)))
    assert server.counters.finished == 200
    errors = capsys.readouterr().err
    assert "it is slower than the server" in errors
    assert lost(errors) == 200 * 7


def test_losses_are_told_once_a_minute_with_how_many(capsys):
    now = [0.0]
    losses = Losses("http://here", lambda: now[0])
    told = []
    for time_, number in [(0, 1), (1, 2), (59, 3), (61, 4), (62, 5)]:
        now[0] = time_
        losses.add(number, "nobody is there")
        told.append(lost(capsys.readouterr().err))
    losses.tell()
    assert [*told, lost(capsys.readouterr().err)] == [1, 0, 0, 9, 0, 5]


def test_the_log_of_others_is_left_alone(caplog, nobody):
    own = OTLPSpanExporter(endpoint=nobody, timeout=0.1)
    own.export([ReadableSpan("their own", SpanContext(1, 1, is_remote=False))])
    assert caplog.records


@pytest.mark.parametrize(
    ("url", "endpoint"),
    [
        ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
        ("http://127.0.0.1:4318/", "http://127.0.0.1:4318/v1/traces"),
        ("https://here/otlp", "https://here/otlp/v1/traces"),
        ("https://here/otlp/v1/traces", "https://here/otlp/v1/traces"),
        ("http://[::1]:4318/v1/traces/", "http://[::1]:4318/v1/traces"),
    ],
)
def test_spans_go_to_the_path_of_traces(url, endpoint):
    assert endpoint_of(url) == endpoint


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:4318",
        "localhost",
        "ftp://here",
        "http://",
        "http:///v1/traces",
        "http://here:port",
        "http://here:0",
        "http://here:99999",
        "http://[::1",
        "http://who:secret@here",
        "http://here/?key=secret",
        "http://here/#part",
        "http://he re",
        "http://here\n",
        "http://h\u00e9re",
    ],
)
def test_a_url_that_is_none_is_refused(tmp_path, url):
    server = program(tmp_path, Listen=giving(2)).server(trace=TraceOptions(url))
    with pytest.raises(TraceError, match="no traces to "):
        server.start()


def test_an_environment_that_contradicts_itself_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "-1")
    server = program(tmp_path, Listen=giving(2)).server(trace=TraceOptions("http://here"))
    with pytest.raises(TraceError, match="must be positive"):
        server.start()

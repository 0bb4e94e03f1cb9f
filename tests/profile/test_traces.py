"""What servers send to a receiver of OpenTelemetry, in either language on each of its runtimes."""

import os
import subprocess

import pytest
from measured.planted import FLOWS, KINDS, PATIENCE, command, numbers
from measured.receiver import Receiver
from measured.traced import flows

# The engine is compiled once for all of these tests; with a busy machine that takes its time.
pytestmark = pytest.mark.timeout(400)

TRACED = KINDS

HEAVY, REFUSED, SLOW = 0, 5, 9
RUNTIMES = {"thread": (), "pool": ("--threads=1",), "event": ()}


class Started:
    """Servers of one kind that are given numbers, and run until these are used up."""

    def __init__(self, kind, binary):
        bound = RUNTIMES[kind.split()[1]]
        self._words = [*command(kind, binary), *bound]

    def run(self, data, *options, **environment):
        """The process, which has ended."""
        return subprocess.run(
            [*self._words, *options],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env=os.environ | environment,
        )

    def traced(self, data, *options, **environment):
        """The flows that a receiver gets."""
        receiver = Receiver()
        with receiver.listening() as url:
            done = self.run(data, f"--trace={url}", *options, **environment)
        assert done.returncode == 0
        assert b"dropped" not in done.stderr
        return flows(receiver.spans)


@pytest.fixture(params=TRACED)
def started(request):
    is_native = request.param.startswith("cpp")
    return Started(request.param, request.getfixturevalue("binary") if is_native else None)


def test_each_flow_is_told_as_it_went(started):
    data = bytes([HEAVY, SLOW, REFUSED])
    found = started.traced(data, "--trace-every=1")
    assert {flow.path: flow.outcome for flow in found} == {
        "Numbers -> Job:[heavy] -> Burn": "finished",
        "Numbers -> Job:[slow] -> Keep": "finished",
        "Numbers -> Job:[_] -> Refuse fails -> Apologize": "handled",
    }


def test_calls_come_in_their_order(started):
    (flow,) = started.traced(bytes([REFUSED]), "--trace-every=1")
    assert (flow.whole.name, flow.whole.parent) == ("Numbers", "")
    assert flow.whole.attributes["flux.program"] == "planted.flux"
    assert flow.names == ["queue", "IsHeavy", "IsSlow", "Refuse", "Apologize"]
    roles = [call.attributes.get("flux.role") for call in flow.calls]
    assert roles == [None, "predicate", "predicate", None, None]
    assert [call.is_error for call in flow.calls] == [False, False, False, True, False]


def test_the_resource_is_the_server(started):
    (flow,) = started.traced(bytes([HEAVY]), "--trace-every=1", OTEL_SERVICE_NAME="")
    resource = flow.whole.resource
    assert resource["service.name"] == "planted"
    assert isinstance(resource["process.pid"], int)
    assert {"telemetry.sdk.name", "telemetry.sdk.language", "telemetry.sdk.version"} < set(resource)
    assert "flux.fingerprint" in resource


def test_the_environment_names_the_service_and_gives_headers(started):
    receiver = Receiver()
    with receiver.listening() as url:
        started.run(
            bytes([HEAVY]),
            f"--trace={url}",
            "--trace-every=1",
            OTEL_SERVICE_NAME="numbers",
            OTEL_RESOURCE_ATTRIBUTES="deployment.environment=test,service.name=other",
            OTEL_EXPORTER_OTLP_HEADERS="authorization=Bearer%20secret",
        )
    resource = receiver.spans[0].resource
    assert resource["service.name"] == "numbers"
    assert resource["deployment.environment"] == "test"
    assert {headers["authorization"] for _, headers in receiver.requests} == {"Bearer secret"}


def test_one_flow_in_so_many_is_traced(started):
    """Ten standard deviations are left for chance."""
    found = started.traced(bytes([7]) * FLOWS, "--trace-every=10")
    assert 200 < len(found) < 600


def test_the_path_of_traces_may_be_in_the_url(started):
    receiver = Receiver()
    with receiver.listening() as url:
        started.run(bytes([HEAVY]), f"--trace={url}/v1/traces", "--trace-every=1")
    assert {path for path, _ in receiver.requests} == {"/v1/traces"}


@pytest.mark.parametrize("manner", [{"hangs": True}, {"status": 500}])
def test_a_server_serves_and_ends_whatever_its_receiver_does(started, manner):
    with Receiver(**manner).listening() as url:
        done = started.run(numbers()[:400], f"--trace={url}", "--trace-every=1")
    assert done.returncode == 0
    assert b"spans" in done.stderr
    assert b"dropped" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("url", ["127.0.0.1:4318", "ftp://127.0.0.1", "http://", "http://here:x"])
def test_a_url_that_is_none_is_refused(started, url):
    done = started.run(b"", f"--trace={url}")
    assert done.returncode == 2
    assert url.encode() in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("every", ["0", "-1", "x", "1000000001"])
def test_a_number_of_flows_that_is_none_is_refused(started, every):
    done = started.run(b"", "--trace=http://127.0.0.1:4318", f"--trace-every={every}")
    assert done.returncode == 2
    assert b"trace-every" in done.stderr


def test_how_many_flows_are_traced_needs_a_receiver(started):
    done = started.run(b"", "--trace-every=1")
    assert done.returncode == 2
    told = done.stderr.replace(b"`", b"")
    assert b"--trace-every is for --trace, which is not given" in told

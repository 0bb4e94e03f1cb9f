"""The image server's requests, as a receiver of OpenTelemetry sees them."""

from image_client import POOL, serving
from measured.receiver import Receiver
from measured.traced import flows

HIT = "Listen -> ReadRequest -> CheckCache -> Handler:[_, hit] -> Write -> Complete"


def test_each_request_is_a_trace(tmp_path):
    (tmp_path / "small.ppm").write_bytes(b"P6 60 40 255\n" + bytes(7200))
    receiver = Receiver()
    with receiver.listening() as url:
        options = (*POOL, "--trace", url, "--trace-every", "1")
        with serving(tmp_path, runtime=options) as server:
            for target in ("/small.jpg", "/small.jpg", "/none.jpg"):
                server.ask(target, connection="close")
            server.ask_to_stop()
            assert server.end() == 0
    found = {flow.path: flow for flow in flows(receiver.spans)}
    assert sorted(flow.outcome for flow in found.values()) == ["finished", "finished", "handled"]
    names = ["queue", "ReadRequest", "CheckCache", "TestInCache", "Write", "Complete"]
    assert found[HIT].names == names

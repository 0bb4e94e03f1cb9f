"""The receiver of these tests, which others will be judged by."""

import json

from measured.receiver import decoded

SPAN = {
    "traceId": "0af7651916cd43dd8448eb211c80319c",
    "spanId": "b7ad6b7169203331",
    "parentSpanId": "",
    "name": "Listen",
    "kind": 2,
    "startTimeUnixNano": "1764412800000000001",
    "endTimeUnixNano": "1764412800000000007",
    "attributes": [{"key": "flux.dropped", "value": {"intValue": "9"}}],
    "status": {"code": 2, "message": "refused"},
}
REQUEST = {
    "resourceSpans": [
        {
            "resource": {
                "attributes": [{"key": "service.name", "value": {"stringValue": "image"}}]
            },
            "scopeSpans": [{"scope": {"name": "flux"}, "spans": [SPAN]}],
        }
    ]
}


def test_json_has_hexadecimal_ids():
    body = json.dumps(REQUEST).encode()
    (span,) = decoded({"content-type": "application/json"}, body)
    assert (span.trace, span.id, span.parent) == (SPAN["traceId"], SPAN["spanId"], "")
    assert (span.name, span.kind, span.end - span.start) == ("Listen", "server", 6)
    assert span.attributes == {"flux.dropped": 9}
    assert (span.is_error, span.message) == (True, "refused")
    assert (span.resource, span.scope) == ({"service.name": "image"}, "flux")

"""Spans looked at as docs/traces.md describes them, whoever sent them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Flow:
    """The span of a flow, and those of its calls in their order."""

    whole: object
    calls: list

    @property
    def path(self):
        return self.whole.attributes["flux.path"]

    @property
    def outcome(self):
        return self.whole.attributes["flux.outcome"]

    @property
    def names(self):
        return [call.name for call in self.calls]

    def call(self, name):
        (found,) = [call for call in self.calls if call.name == name]
        return found


def flows(spans):
    """The flows that spans tell of, each of which keeps the contract."""
    wholes = [span for span in spans if span.kind == "server"]
    found = [Flow(whole, _inside(whole, spans)) for whole in wholes]
    assert sum(1 + len(flow.calls) for flow in found) == len(spans)
    for flow in found:
        check(flow)
    return found


def check(flow):
    """What is so of each flow."""
    whole, calls = flow.whole, flow.calls
    ids = {span.id for span in [whole, *calls]}
    assert len(ids) == 1 + len(calls)
    assert {span.trace for span in calls} <= {whole.trace}
    assert {len(whole.trace), *map(len, ids)} <= {32, 16}
    assert {"flux.program", "flux.path", "flux.outcome"} <= set(whole.attributes)
    assert whole.is_error == (flow.outcome == "failed")
    assert {call.kind for call in calls} <= {"internal"}
    assert {span.scope for span in [whole, *calls]} == {"flux"}
    edges = [whole.start, *(call.end for call in calls)]
    assert [call.start for call in calls] == edges[:-1]
    if "flux.dropped" not in whole.attributes:
        assert edges[-1] == whole.end


def _inside(whole, spans):
    inside = [span for span in spans if (span.trace, span.parent) == (whole.trace, whole.id)]
    return sorted((span for span in inside if span.kind != "server"), key=_times)


def _times(span):
    return span.start, span.end

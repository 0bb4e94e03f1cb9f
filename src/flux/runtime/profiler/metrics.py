"""A profile as text for Prometheus; docs/profile.md lists the metrics, which servers share."""

from collections.abc import Callable, Iterator, Mapping
from itertools import accumulate
from typing import Any, NamedTuple

from flux.runtime.profiler.buckets import bucket_of

Json = Mapping[str, Any]

NS = 1_000_000_000
BOUNDS = range(10, 36, 2)
"""Histograms tell of the powers of 4 from 1 µs to 17 s, at which buckets of ours begin."""

ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})


class Metric(NamedTuple):
    """A metric: its name and meaning, and for which `rows` of a profile it has which value."""

    name: str
    kind: str
    help: str
    rows: str
    labels: tuple[str, ...]
    value: Callable[[Json], Any]


def _field(name: str) -> Callable[[Json], Any]:
    return lambda row: row[name]


def _seconds(name: str) -> Callable[[Json], float]:
    """The sum of a histogram."""
    return lambda row: row[name]["total"] / NS


PATH = ("source", "path", "outcome")
NODE = ("node", "kind")
CONSTRAINT = ("constraint", "mode", "scope")

METRICS = (
    Metric("flux_profile_on", "gauge", "Whether flows that begin now count.", "", (), _field("on")),
    Metric(
        "flux_profile_seconds_total",
        "counter",
        "For how long the profile has been on.",
        "",
        (),
        lambda profile: profile["elapsed"] / NS,
    ),
    Metric(
        "flux_profile_cpu_seconds_total",
        "counter",
        "How much processor time the process used in that time.",
        "",
        (),
        lambda profile: profile["cpu"] / NS,
    ),
    Metric("flux_flows_live", "gauge", "Counted flows that live.", "", (), _field("live")),
    Metric(
        "flux_source_flows_total",
        "counter",
        "Flows that began.",
        "sources",
        ("source",),
        _field("started"),
    ),
    Metric(
        "flux_source_dropped_total",
        "counter",
        "Turns that failed.",
        "sources",
        ("source",),
        _field("dropped"),
    ),
    Metric("flux_path_flows_total", "counter", "Flows that ended.", "paths", PATH, _field("count")),
    Metric("flux_path_seconds_total", "counter", "Their time.", "paths", PATH, _seconds("wall")),
    Metric(
        "flux_path_waiting_seconds_total",
        "counter",
        "Their time of waiting for constraints.",
        "paths",
        PATH,
        _seconds("waiting"),
    ),
    Metric(
        "flux_path_queued_seconds_total",
        "counter",
        "Their time in the queue.",
        "paths",
        PATH,
        _seconds("queued"),
    ),
    Metric("flux_node_calls_total", "counter", "Calls of nodes.", "nodes", NODE, _field("calls")),
    Metric(
        "flux_node_failures_total",
        "counter",
        "Calls that failed.",
        "nodes",
        NODE,
        _field("failures"),
    ),
    Metric("flux_node_seconds", "histogram", "Times of calls.", "nodes", NODE, _field("wall")),
    Metric(
        "flux_constraint_acquired_total",
        "counter",
        "How often constraints were taken.",
        "constraints",
        CONSTRAINT,
        _field("acquired"),
    ),
    Metric(
        "flux_constraint_contended_total",
        "counter",
        "How often somebody had to wait for them.",
        "constraints",
        CONSTRAINT,
        _field("contended"),
    ),
    Metric(
        "flux_constraint_waiting_seconds_total",
        "counter",
        "For how long.",
        "constraints",
        CONSTRAINT,
        _seconds("waiting"),
    ),
    Metric(
        "flux_constraint_holding_seconds_total",
        "counter",
        "For how long they were held.",
        "constraints",
        CONSTRAINT,
        _seconds("holding"),
    ),
    Metric(
        "flux_case_total",
        "counter",
        "How often cases were chosen.",
        "cases",
        ("node", "case"),
        _field("count"),
    ),
)


def as_metrics(profile: Json, live: int) -> str:
    """All metrics of a profile, and of how many counted flows live."""
    whole = {**profile, "live": live}
    return "".join(line for metric in METRICS for line in _lines(metric, whole))


def _lines(metric: Metric, profile: Json) -> Iterator[str]:
    yield f"# HELP {metric.name} {metric.help}\n"
    yield f"# TYPE {metric.name} {metric.kind}\n"
    for row in profile[metric.rows] if metric.rows else [profile]:
        labels = [f'{label}="{_escaped(row[label])}"' for label in metric.labels]
        if metric.kind == "histogram":
            yield from _histogram(metric.name, labels, metric.value(row))
        else:
            yield f"{metric.name}{_braced(labels)} {_number(metric.value(row))}\n"


def _histogram(name: str, labels: list[str], histogram: Json) -> Iterator[str]:
    for power, count in zip(BOUNDS, _cumulated(histogram["buckets"]), strict=True):
        bound = f'le="{2**power / NS!r}"'
        yield f"{name}_bucket{_braced([*labels, bound])} {count}\n"
    everything = 'le="+Inf"'
    yield f"{name}_bucket{_braced([*labels, everything])} {histogram['count']}\n"
    yield f"{name}_sum{_braced(labels)} {histogram['total'] / NS!r}\n"
    yield f"{name}_count{_braced(labels)} {histogram['count']}\n"


def _cumulated(buckets: list[tuple[int, int]]) -> list[int]:
    """How many values are below each of the bounds."""
    counts = [0] * (len(BOUNDS) + 1)
    limits = [bucket_of(2**power) for power in BOUNDS]
    for bucket, count in buckets:
        counts[sum(bucket >= limit for limit in limits)] += count
    return list(accumulate(counts[:-1]))


def _braced(labels: list[str]) -> str:
    return f"{{{','.join(labels)}}}" if labels else ""


def _escaped(value: object) -> str:
    return "" if value is None else str(value).translate(ESCAPES)


def _number(value: float) -> str:
    return repr(int(value) if isinstance(value, bool) else value)

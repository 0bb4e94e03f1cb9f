import pytest
from prometheus_client.parser import text_string_to_metric_families
from runtime.profiler.profiles import program

from flux.runtime import ProfileOptions
from flux.runtime.profiler.metrics import METRICS, as_metrics

FLOWS = 600


@pytest.fixture(scope="module")
def families(tmp_path_factory):
    folder = tmp_path_factory.mktemp("served")
    options = ProfileOptions(on=True, file=str(folder / "it.json"))
    with program(folder, Listen=lambda: next(items)).server(profile=options) as server:
        server.wait()
    text = as_metrics(server.profiler.read(), server.profiler.live)
    return {family.name: family for family in text_string_to_metric_families(text)}


items = iter(range(FLOWS))


def values(family):
    return {tuple(sample.labels.values()): sample.value for sample in family.samples}


def test_prometheus_reads_every_metric(families):
    assert set(families) == {metric.name.removesuffix("_total") for metric in METRICS}
    assert all(family.documentation for family in families.values())


def test_counters_are_those_of_the_profile(families):
    assert values(families["flux_source_flows"]) == {("Listen",): FLOWS}
    assert sum(values(families["flux_path_flows"]).values()) == FLOWS
    assert values(families["flux_node_calls"])["Hit", "node"] == FLOWS / 2
    assert values(families["flux_case"]) == {
        ("Choose", "[even]"): FLOWS / 2,
        ("Choose", "[_]"): FLOWS / 2,
    }


def test_histograms_end_with_all_calls(families):
    buckets = [
        sample.value
        for sample in families["flux_node_seconds"].samples
        if sample.labels["node"] == "First" and sample.name.endswith("_bucket")
    ]
    assert buckets == sorted(buckets)
    assert buckets[-1] == FLOWS


def test_labels_are_escaped():
    name = 'a "b" \\ c\n'
    profile = {
        "on": False,
        "live": 0,
        "elapsed": 0,
        "cpu": 0,
        "sources": [],
        "paths": [],
        "nodes": [],
        "constraints": [],
        "cases": [{"node": name, "case": "[_]", "count": 1}],
    }
    families = {f.name: f for f in text_string_to_metric_families(as_metrics(profile, 0))}
    assert values(families["flux_case"]) == {(name, "[_]"): 1}

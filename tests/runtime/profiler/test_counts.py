from itertools import count

import pytest
from runtime.profiler.profiles import nodes, paths, served

FLOWS = 3000
MANY_THREADS = [{"runtime": "pool", "threads": 64}, {"runtime": "thread"}]


def numbers(flows=FLOWS):
    def listen():
        yield from range(flows)

    return listen


def miss(item):
    if item % 3 == 0:
        raise ValueError(item)
    return item


@pytest.fixture(scope="module", params=MANY_THREADS, ids=["pool", "thread"])
def profile(request, tmp_path_factory):
    functions = {"Listen": numbers(), "Miss": miss}
    return served(tmp_path_factory.mktemp("served"), options=request.param, functions=functions)


def test_each_flow_counts_once_on_its_path(profile):
    assert paths(profile) == {
        ("Listen -> First -> Choose:[even] -> Hit -> End", "finished"): FLOWS // 2,
        ("Listen -> First -> Choose:[_] -> Miss -> End", "finished"): FLOWS // 3,
        ("Listen -> First -> Choose:[_] -> Miss fails -> Sorry", "handled"): FLOWS // 6,
    }


def test_each_call_counts_once_whether_it_fails_or_not(profile):
    assert nodes(profile) == {
        ("Listen", "opening"): (FLOWS, 0),
        ("By", "session"): (FLOWS, 0),
        ("First", "node"): (FLOWS, 0),
        ("IsEven", "predicate"): (FLOWS, 0),
        ("Hit", "node"): (FLOWS // 2, 0),
        ("Miss", "node"): (FLOWS // 2, FLOWS // 6),
        ("Sorry", "node"): (FLOWS // 6, 0),
        ("End", "node"): (FLOWS // 2 + FLOWS // 3, 0),
    }


def test_each_constraint_counts_by_mode_and_scope(profile):
    ended = FLOWS // 2 + FLOWS // 3
    acquired = {(c.constraint, c.mode, c.scope): c.acquired for c in profile.constraints}
    assert acquired == {
        ("stock", "writer", "program"): FLOWS,
        ("stock", "reader", "program"): ended,
        ("own", "writer", "session"): ended,
    }


def test_cases_follow_from_paths(profile):
    assert {(case.node, case.case): case.count for case in profile.cases} == {
        ("Choose", "[even]"): FLOWS // 2,
        ("Choose", "[_]"): FLOWS // 2,
    }


def test_source_tells_of_beginnings_and_of_the_times_between_them(profile):
    (source,) = profile.sources
    assert (source.source, source.target) == ("Listen", "Image")
    assert (source.started, source.dropped, source.gaps.count) == (FLOWS, 0, FLOWS - 1)


def test_calls_waits_and_queue_make_up_the_time_of_the_flows(profile):
    calls = sum(node.wall.total for node in profile.nodes if node.kind != "opening")
    rest = sum(path.waiting.total + path.queued.total for path in profile.paths)
    assert sum(path.wall.total for path in profile.paths) == calls + rest


def test_every_histogram_has_as_many_values_as_were_counted(profile):
    histograms = [h for path in profile.paths for h in (path.wall, path.waiting, path.queued)]
    histograms += [node.wall for node in profile.nodes]
    for histogram in histograms:
        assert sum(count for _, count in histogram.buckets) == histogram.count
    assert all(path.wall.count == path.count for path in profile.paths)


def test_a_few_flows_are_asked_for_processor_time(profile):
    asked = sum(path.cpu.count for path in profile.paths)
    assert 0 < asked < FLOWS / 10


def test_server_is_described(profile):
    assert profile.program == "image.flux"
    assert profile.fingerprint.startswith("sha256:")
    assert profile.server.target == "python"
    assert profile.server.runtime in {"pool", "thread"}
    assert profile.on
    assert profile.elapsed > 0


def test_failing_turns_are_paths_too(tmp_path):
    numbers = count()

    def listen():
        if (number := next(numbers)) == 4:
            raise StopIteration
        if number % 2:
            raise OSError(number)
        return number

    def fail(_item):
        raise KeyError

    functions = {"Listen": listen, "By": fail}
    profile = served(tmp_path, functions=functions)
    assert paths(profile) == {
        ("Listen fails", "failed"): 2,
        ("Listen -> By fails", "failed"): 2,
    }
    assert [(source.started, source.dropped) for source in profile.sources] == [(0, 4)]
    assert nodes(profile) == {("Listen", "opening"): (4, 2), ("By", "session"): (2, 2)}

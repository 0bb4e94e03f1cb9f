"""Servers are asked while they work, in either language on each of its runtimes."""

import json
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.request import urlopen

import pytest
from measured.planted import KINDS, running
from prometheus_client.parser import text_string_to_metric_families

# The engine is compiled once for all of these tests; with a busy machine that takes its time.
pytestmark = pytest.mark.timeout(400)

ENDLESS = Path("/dev/zero")  # each of its bytes is a heavy flow
TRIES = 9
SOON = 1.0  # seconds; a machine with nothing else to do needs 20 ms
TEN = bytes(range(10))


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def saturated(kind, binary):
    """A server whose threads all use the processor, as long as it runs."""
    bound = "--threads=4" if kind.endswith("pool") else "--max-flows=16"
    with ENDLESS.open("rb") as source, running(kind, binary, bound, source=source) as server:
        yield server


@pytest.fixture
def waiting(kind, binary, tmp_path):
    """A server whose turn waits for a number."""
    with running(kind, binary, f"--profile-file={tmp_path / 'it.json'}") as server:
        yield server


def ended(profile):
    return sum(path.count for path in profile.paths)


def families(server):
    text = urlopen(f"http://{server.address}/metrics", timeout=10).read()
    return {found.name for found in text_string_to_metric_families(text.decode())}


def test_a_saturated_server_answers_soon(saturated):
    saturated.asked.start()
    saturated.wait_for(ended)
    times = []
    for _ in range(TRIES):
        start = perf_counter()
        saturated.asked.profile()
        times.append(perf_counter() - start)
    assert median(times) < SOON


def test_the_profile_goes_on_while_a_turn_waits(waiting):
    assert waiting.asked.start().on
    waiting.give(TEN)
    profile = waiting.wait_for(lambda found: ended(found) == len(TEN))
    assert [source.started for source in profile.sources] == [len(TEN)]


def test_a_signal_turns_the_profile_on_and_off_and_writes_it(waiting, tmp_path):
    waiting.toggle()
    waiting.wait_for(lambda found: found.on)
    waiting.give(TEN)
    waiting.wait_for(lambda found: ended(found) == len(TEN))
    waiting.toggle()
    waiting.wait_for(lambda _: (tmp_path / "it.json").exists())
    written = json.loads((tmp_path / "it.json").read_bytes())
    assert not written["on"]
    assert sum(path["count"] for path in written["paths"]) == len(TEN)


def test_metrics_have_the_same_names_everywhere(binary):
    names = []
    for kind in KINDS:
        with running(kind, binary, "--profile") as server:
            server.give(TEN)
            server.wait_for(lambda found: ended(found) == len(TEN))
            names.append(families(server))
    assert names == names[:1] * len(KINDS)
    assert "flux_path_seconds" in names[0]

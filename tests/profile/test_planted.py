"""What is planted in a program is found, in either language on each of its runtimes."""

import re
import subprocess

import pytest
from click.testing import CliRunner
from measured.planted import FLOWS, HEAVY, KINDS, PATIENCE, REFUSED, SLOW, command, numbers

from flux.cli import main
from flux.profile.reading import read_profile

# The engine is compiled once for all of these tests; with a busy machine that takes its time.
pytestmark = pytest.mark.timeout(400)

BURN = "Numbers -> Job:[heavy] -> Burn"
KEEP = "Numbers -> Job:[slow] -> Keep"
REFUSE = "Numbers -> Job:[_] -> Refuse fails -> Apologize"


@pytest.fixture(scope="module", params=KINDS)
def file(request, binary, tmp_path_factory):
    """What a server that ran until its source ended has written."""
    path = tmp_path_factory.mktemp("planted") / "planted.profile.json"
    words = [*command(request.param, binary), "--profile", f"--profile-file={path}"]
    subprocess.run(words, input=numbers(), capture_output=True, timeout=PATIENCE, check=True)
    return path


@pytest.fixture
def profile(file):
    return read_profile(file.read_bytes(), str(file))


@pytest.fixture
def firsts(file, monkeypatch):
    """The first row of each view, as `flux profile` shows them."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(by):
        shown = CliRunner().invoke(main, ["profile", str(file), "--by", by], catch_exceptions=False)
        views = re.findall(r"^([A-Z][a-z ]+)(?:, by .*)?\n .*\n +(.*)$", shown.stdout, re.MULTILINE)
        return {title: row.split("  ")[-1] for title, row in views}

    return call


def test_the_hot_spot_is_first_by_processor_time(firsts):
    first = firsts("cpu")
    assert (first["Hot paths"], first["Nodes"]) == (BURN, "Burn")


def test_the_hot_lock_is_first_by_waiting(firsts):
    first = firsts("wait")
    assert (first["Hot paths"], first["Constraints"]) == (KEEP, "store")


def test_the_frequent_failure_is_first_by_count(firsts):
    first = firsts("count")
    assert (first["Hot paths"], first["Errors"]) == (REFUSE, REFUSE)


def test_the_longest_path_is_first_by_time(firsts, profile):
    assert firsts("time")["Hot paths"] == max(profile.paths, key=lambda p: p.wall.total).name


def test_flows_and_calls_are_counted_exactly(profile):
    paths = {(path.name, path.outcome): path.count for path in profile.paths}
    finished = {(BURN, "finished"): HEAVY, (KEEP, "finished"): SLOW}
    assert paths == finished | {(REFUSE, "handled"): REFUSED}
    assert {node.node: (node.calls, node.failures) for node in profile.nodes} == {
        "Numbers": (FLOWS, 0),
        "IsHeavy": (FLOWS, 0),
        "IsSlow": (FLOWS - HEAVY, 0),
        "Burn": (HEAVY, 0),
        "Keep": (SLOW, 0),
        "Refuse": (REFUSED, REFUSED),
        "Apologize": (REFUSED, 0),
    }


def test_takings_cases_and_turns_are_counted_exactly(profile):
    taken = {found.constraint: found.acquired for found in profile.constraints}
    assert taken == {"store": SLOW, "light": REFUSED}
    cases = {found.case: found.count for found in profile.cases}
    assert cases == {"[heavy]": HEAVY, "[slow]": SLOW, "[_]": REFUSED}
    assert [(source.started, source.dropped) for source in profile.sources] == [(FLOWS, 0)]


def test_times_of_calls_and_waits_are_those_of_paths(profile):
    calls = sum(node.wall.total for node in profile.nodes if node.kind != "opening")
    waiting = sum(found.waiting.total for found in profile.constraints)
    queued = sum(path.queued.total for path in profile.paths)
    assert sum(path.waiting.total for path in profile.paths) == waiting
    assert sum(path.wall.total for path in profile.paths) == calls + waiting + queued

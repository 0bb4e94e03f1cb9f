from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from measured.image import HIT, MISS, MS, SECOND, WAYS, constraint, image_profile, node

from flux.profile.comparison import compared
from flux.profile.comparison_text import Side, as_text
from flux.profile.model import Case
from flux.render.paint import plain

BEFORE = image_profile()


def ways(**changes):
    """The ways of the image server, with what is changed where pictures are in the cache."""
    return [replace(way, **changes) if way.name == HIT else way for way in WAYS]


def shown(after, by="time", width=80):
    sides = Side("before.json", BEFORE), Side("127.0.0.1:9100", after)
    return as_text(compared(BEFORE, after, by), sides, 10, width, plain)


@pytest.mark.parametrize(
    ("by", "changes"),
    [
        ("time", {"wall": 3 * MS}),
        ("cpu", {"cpu": MS * 3 // 10}),
        ("wait", {"waiting": MS * 3 // 20}),
        ("count", {"count": 9_600}),
    ],
)
def test_what_changed_comes_first_with_its_ratio(by, changes):
    change = compared(BEFORE, image_profile(ways(**changes)), by).paths[0]
    assert change.name == HIT
    assert change.ratio == pytest.approx(1.5, rel=0.01)
    assert not change.noise


def test_profiles_need_not_be_equally_long():
    longer = image_profile([replace(way, count=3 * way.count) for way in WAYS], elapsed=30 * SECOND)
    assert all(change.noise for change in compared(BEFORE, longer, "count").paths)


def test_what_costs_the_server_most_comes_first():
    after = [replace(way, wall=way.wall * 2) for way in WAYS]
    assert compared(BEFORE, image_profile(after), "time").paths[0].name == MISS


def test_small_changes_of_few_values_are_noise_and_come_last():
    after = [replace(way, wall=way.wall * 11 // 10) for way in WAYS if way.count != 640]
    changes = compared(BEFORE, image_profile(after), "time").paths
    assert [change.noise for change in changes] == [False, False, False, True]
    assert changes[-1].after.count == 64


def test_differences_are_less_sure_where_only_a_share_of_the_flows_was_timed():
    after = [replace(way, wall=way.wall * 11 // 10) for way in WAYS]
    flows = sum(way.count for way in WAYS)

    def changes(timed):
        return compared(BEFORE, image_profile(after, timed=timed), "time").paths

    sure, less_sure = changes(flows), changes(flows // 64)
    assert changes(None) == sure
    assert sum(change.noise for change in sure) < sum(change.noise for change in less_sure)
    by_name = {change.name: change.after for change in less_sure}
    assert all(by_name[change.name].error > change.after.error for change in sure)


def test_only_times_are_less_sure():
    for by in ("count", "cpu"):
        assert compared(BEFORE, image_profile(timed=10), by) == compared(BEFORE, BEFORE, by)


def test_fewer_than_ten_values_say_nothing():
    few = [replace(way, count=5, wall=way.wall * 50) for way in WAYS]
    assert all(change.noise for change in compared(BEFORE, image_profile(few), "time").paths)


def test_paths_that_are_new_or_gone_are_told():
    text = shown(image_profile([replace(WAYS[0], name="Listen -> Other"), *WAYS[1:]]))
    assert "    new        -  2.00 ms\n        Listen -> Other\n" in text
    assert "   gone  2.00 ms        -\n        Listen -> ReadRequest -> CheckCache" in text


def test_paths_are_matched_by_name_if_the_programs_differ():
    after = image_profile([replace(way, path=way.path + 1) for way in WAYS], fingerprint="other")
    comparison = compared(BEFORE, after, "time")
    assert comparison.same_program is False
    assert all(change.ratio == 1 for change in comparison.paths)
    assert "The programs differ: their fingerprints aren't the same." in shown(after)


def test_nobody_knows_whether_programs_without_fingerprints_differ():
    after = image_profile(fingerprint=None)
    assert compared(BEFORE, after, "time").same_program is None
    assert "differ" not in shown(after)


def test_nodes_are_compared_by_what_a_call_costs():
    nodes = [each for each in BEFORE.nodes if each.node != "Compress"]
    after = image_profile(nodes=(*nodes, node("Compress", 1_280, 0, 66 * MS, 32 * MS)))
    assert compared(BEFORE, after, "time").nodes[0].name == "Compress"
    assert compared(BEFORE, after, "wait").nodes[0].name == "Compress"
    assert compared(BEFORE, after, "cpu").nodes[0].noise


def test_constraints_are_compared_by_waiting():
    after = image_profile(constraints=(constraint("cache", 9_600, MS, MS // 50),))
    assert compared(BEFORE, after, "time").constraints[0].ratio == pytest.approx(7, rel=0.01)


def test_cases_are_compared_by_how_probable_they_are():
    after = image_profile(cases=(Case("Handler", "[_, hit]", 50), Case("Handler", "[_, _]", 50)))
    change = compared(BEFORE, after, "time").cases[0]
    assert change.after.value == 0.5
    assert not change.noise


def test_a_comparison_is_shown_like_this(golden):
    after = image_profile(
        ways(wall=3 * MS, waiting=MS),
        fingerprint="other",
        constraints=(constraint("cache", 9_600, MS, MS // 50),),
    )
    golden(Path(__file__).parent / "comparison.txt", shown(after))


@pytest.mark.parametrize("by", ["time", "count", "cpu", "wait"])
def test_empty_profiles_are_compared(by):
    empty = image_profile((), nodes=(), constraints=(), cases=(), sources=(), elapsed=0, cpu=0)
    sides = Side("a", empty), Side("b", empty)
    assert "may be chance" in as_text(compared(empty, empty, by), sides, 10, 80, plain)


def test_a_comparison_is_json():
    after = image_profile(ways(wall=3 * MS))
    read = msgspec.json.decode(msgspec.json.encode(compared(BEFORE, after, "time")))
    assert read["paths"][0]["ratio"] == pytest.approx(1.5)

"""What other programs are given."""

import json
from dataclasses import replace

import pytest
from measured.decoded import pprof
from measured.image import HIT, MS, SECOND, WAYS, image_profile, node

from flux.profile.collapsed import as_collapsed
from flux.profile.formats import FORMATS
from flux.profile.model import Served
from flux.profile.pprof import as_pprof
from flux.profile.ranking import MEASURES
from flux.profile.reading import read_profile
from flux.profile.speedscope import as_speedscope
from flux.profile.stacks import QUEUED, WAITING, stacks

HOT = ("Listen", "Handler:[_, _]", "Compress")


def total(profile, by):
    return sum(stack.value(by) for stack in stacks(profile))


def time_of(profile, *frames):
    return sum(stack.time for stack in stacks(profile) if stack.frames == frames)


def test_all_of_the_time_is_in_the_stacks():
    profile = image_profile()
    assert total(profile, "time") == pytest.approx(sum(p.wall.total for p in profile.paths))


def test_all_of_the_processor_time_is_in_the_stacks():
    profile = image_profile()
    used = sum(path.cpu.mean * path.count for path in profile.paths)
    assert total(profile, "cpu") == pytest.approx(used)


def test_waiting_and_being_queued_are_frames_of_their_own():
    profile = image_profile([replace(way, queued=MS // 4) for way in WAYS])
    hit = profile.paths[0]
    assert time_of(profile, "Listen", "Handler:[_, hit]", WAITING) == hit.waiting.total
    assert time_of(profile, "Listen", "Handler:[_, hit]", QUEUED) == hit.queued.total


def test_the_time_of_a_path_is_divided_by_the_means_of_its_nodes():
    profile = image_profile()
    write = time_of(profile, "Listen", "Handler:[_, hit]", "Write")
    complete = time_of(profile, "Listen", "Handler:[_, hit]", "Complete")
    assert write / complete == pytest.approx(10, rel=0.01)


def test_the_time_of_a_path_is_divided_as_the_server_says():
    profile = image_profile([replace(WAYS[0], spent=(("Write", 3), ("Complete", 1)))])
    write = time_of(profile, "Listen", "Handler:[_, hit]", "Write")
    assert write == 3 * time_of(profile, "Listen", "Handler:[_, hit]", "Complete")


def test_a_node_that_is_used_twice_has_two_shares():
    profile = image_profile([replace(WAYS[0], name="Listen -> Write -> Write -> ReadRequest")])
    twice, once = time_of(profile, "Listen", "Write"), time_of(profile, "Listen", "ReadRequest")
    assert twice / once == pytest.approx(4, rel=0.01)


def test_paths_that_fail_are_told_apart():
    frames = {stack.frames for stack in stacks(image_profile())}
    assert ("Listen", "Handler:[_, _]", "ReadInFromDisk fails", "FourOhFour") in frames


def test_nodes_of_which_nothing_is_known_share_a_frame():
    assert time_of(image_profile(WAYS[:1], nodes=()), "Listen", "Handler:[_, hit]", "(nodes)")


def test_a_path_without_a_number_has_a_frame():
    profile = image_profile([replace(WAYS[0], path=None, name="")])
    assert time_of(profile, "Listen", "(paths without a number)", "(nodes)")


def test_collapsed_stacks_have_microseconds():
    profile = image_profile(WAYS[:1], nodes=(node("Write", 6_400, 0, MS, MS),))
    expected = profile.paths[0].wall.total - profile.paths[0].waiting.total
    lines = as_collapsed(profile, "time").splitlines()
    assert lines[0] == f"Listen;Handler:[_, hit];Write {round(expected / 1000)}"


def test_collapsed_stacks_may_have_calls():
    assert "Listen;Handler:[_, hit];Write 6400\n" in as_collapsed(image_profile(), "count")


def test_a_name_cannot_add_a_frame_or_a_line():
    profile = image_profile([replace(WAYS[0], name=HIT.replace("hit", "h;it\n"))])
    assert all(line.startswith("Listen;Handler:[_, h,it␊];") for line in lines(profile))


def lines(profile):
    return as_collapsed(profile, "time").splitlines()


@pytest.mark.parametrize("by", MEASURES)
def test_speedscope_opens_the_measure_that_was_asked_for(by):
    file = json.loads(as_speedscope(image_profile(), by))
    shown = file["profiles"][file["activeProfileIndex"]]
    assert shown["name"] == by
    assert shown["unit"] == ("none" if by == "count" else "nanoseconds")


def test_speedscope_gets_what_its_schema_demands():
    file = json.loads(as_speedscope(image_profile(), "time"))
    assert file["$schema"] == "https://www.speedscope.app/file-format-schema.json"
    assert all(set(frame) == {"name"} for frame in file["shared"]["frames"])
    for profile in file["profiles"]:
        assert profile["type"] == "sampled"
        assert len(profile["samples"]) == len(profile["weights"])
        assert all(weight > 0 for weight in profile["weights"])
        assert profile["endValue"] - profile["startValue"] == sum(profile["weights"])
        assert all(
            0 <= frame < len(file["shared"]["frames"]) for s in profile["samples"] for frame in s
        )


def test_speedscope_sees_the_hot_node():
    file = json.loads(as_speedscope(image_profile(), "cpu"))
    profile = file["profiles"][MEASURES.index("cpu")]
    hottest = max(range(len(profile["weights"])), key=profile["weights"].__getitem__)
    frames = [file["shared"]["frames"][place]["name"] for place in profile["samples"][hottest]]
    assert tuple(frames) == HOT


def test_pprof_has_all_measures():
    kinds, _, facts = pprof(as_pprof(image_profile(), "wait"))
    nanoseconds = [(measure, "nanoseconds") for measure in ("time", "cpu", "wait")]
    assert kinds == [nanoseconds[0], ("count", "count"), *nanoseconds[1:]]
    assert facts["shown"] == "wait"


def test_pprof_has_the_stacks():
    expected = [
        (stack.frames, tuple(round(stack.value(measure)) for measure in MEASURES))
        for stack in stacks(image_profile())
    ]
    assert pprof(as_pprof(image_profile(), "time"))[1] == expected


def test_pprof_knows_when_and_for_how_long():
    facts = pprof(as_pprof(image_profile(), "time"))[2]
    assert facts["time"] == [1_764_412_800 * SECOND]
    assert facts["duration"] == [10 * SECOND]


def test_pprof_knows_the_program():
    assert pprof(as_pprof(image_profile(), "time"))[2]["programs"] == ["image.flux"]


def test_pprof_is_the_same_for_the_same_profile():
    assert as_pprof(image_profile(), "time") == as_pprof(image_profile(), "time")


def test_json_is_read_again():
    profile = image_profile()
    assert read_profile(FORMATS["json"](profile, "time"), "a") == profile


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_profile_has_every_form(form):
    server = Served("cpp", "event", 1, 1, cores=1)
    assert FORMATS[form](image_profile((), nodes=(), began=None, server=server), "time") is not None

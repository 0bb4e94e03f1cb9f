"""What a person sees of a profile."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from measured.image import HIT, MISS, MISSING, MS, WAYS, constraint, image_profile, node, spread

from flux.profile.model import Served
from flux.profile.ranking import MEASURES
from flux.profile.text import as_text
from flux.profile.views import constraints_view, errors_view, nodes_view, paths_view
from flux.render.paint import colored, plain

GOLDEN = Path(__file__).parent


def shown(profile, by="time", width=100, paint=plain):
    return as_text(profile, by, 10, width, paint)


def first(table):
    return table.rows[0].name.text


@pytest.mark.parametrize("width", [80, 120])
def test_a_profile_is_shown_like_this(golden, width):
    golden(GOLDEN / f"image-{width}.txt", shown(image_profile(), width=width))


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width):
    lines = shown(image_profile(), width=width).splitlines()
    assert max(map(len, lines)) <= max(width, 80)


@pytest.mark.parametrize("by", MEASURES)
@pytest.mark.parametrize("path", range(4))
def test_a_hot_path_comes_first(by, path):
    hot = {"time": "wall", "cpu": "cpu", "wait": "waiting", "count": "count"}[by]
    value = 10_000 if by == "count" else 900 * MS
    ways = [replace(way, **{hot: value}) if way.path == WAYS[path].path else way for way in WAYS]
    ways = [replace(way, count=max(way.count, 640)) for way in ways]
    assert first(paths_view(image_profile(ways), by, 10)) == WAYS[path].name


@pytest.mark.parametrize(
    ("by", "numbers"),
    [
        ("time", (100, 0, 9_000 * MS, 0)),
        ("cpu", (100, 0, 9_000 * MS, 9_000 * MS)),
        ("wait", (100, 0, 9_000 * MS, MS)),
        ("count", (100_000, 0, 10, 10)),
    ],
)
def test_a_hot_node_comes_first(by, numbers):
    nodes = (*image_profile().nodes, node("Planted", *numbers))
    assert first(nodes_view(image_profile(nodes=nodes), by, 10)) == "Planted"


@pytest.mark.parametrize("by", ["time", "cpu", "wait"])
def test_a_hot_lock_comes_first(by):
    constraints = (
        constraint("often", 100_000, 10, 10),
        constraint("held", 1_000, 10, 900 * MS),
        constraint("hot", 1_000, 50 * MS, MS),
    )
    assert first(constraints_view(image_profile(constraints=constraints), by, 10)) == "hot"


def test_a_frequent_error_comes_first():
    ways = [replace(way, count=1_000) if way.name == MISSING else way for way in WAYS]
    assert first(errors_view(image_profile(ways), 10)) == MISSING


def test_errors_are_not_among_what_went_well():
    names = [row.name.text for row in errors_view(image_profile(), 10).rows]
    assert MISSING in names
    assert not {HIT, MISS} & set(names)


def test_waiting_for_something_to_do_is_no_share_of_the_time():
    rows = nodes_view(image_profile(), "time", 20).rows
    assert rows[-1].name.text == "Listen (opening)"
    assert rows[-1].cells[0].text == "-"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"cpu": 37 * MS}, "92% is processor time"),
        ({"waiting": 30 * MS, "cpu": MS}, "75% is waiting for constraints, above all `cache`"),
        ({"queued": 30 * MS, "cpu": MS}, "75% is waiting to be taken up"),
        ({"cpu": MS}, "96% is parked or I/O"),
    ],
)
def test_the_first_sentence_says_why_the_hottest_path_is_hot(changes, reason):
    ways = [replace(way, **changes) if way.name == MISS else way for way in WAYS]
    text = " ".join(shown(image_profile(ways)).split())
    assert "77% of all time goes to one path (Handler:[_, _])." in text
    assert reason in text


def test_a_path_without_cases_is_told_by_its_source():
    text = shown(image_profile([replace(WAYS[0], name="Listen -> ReadRequest -> Write")]))
    assert "100% of all time goes to one path from Listen." in " ".join(text.split())


def test_the_node_is_told_that_has_the_time_of_the_hottest_path():
    ways = [replace(way, spent=(("Write", 9), ("Compress", 1))) for way in WAYS]
    assert "is spent in Write." in " ".join(shown(image_profile(ways)).split())


def test_being_queued_is_shown_only_where_flows_are():
    assert "queue   i/o" not in shown(image_profile())
    text = shown(image_profile([replace(way, queued=MS) for way in WAYS]))
    assert "queue   i/o" in text
    assert "\nQueue\n" in text


def test_what_is_beyond_the_limit_is_counted():
    assert paths_view(image_profile(), "time", 1).more == 3


def test_a_server_without_flows_has_nothing_to_show():
    empty = image_profile((), nodes=(), constraints=(), cases=(), sources=(), elapsed=0, cpu=0)
    text = shown(empty)
    assert "No flow has ended yet" in text
    assert "Hot paths" not in text


def test_processor_time_that_nobody_was_asked_for_is_unknown():
    text = shown(image_profile([replace(way, count=10) for way in WAYS]))
    row = next(line for line in text.splitlines() if line.endswith("-    1%    -"))
    assert "40.0 ms" in row or "41" in row


def test_processor_time_that_few_were_asked_for_is_marked():
    text = shown(image_profile([replace(way, count=320) for way in WAYS]))
    assert re.search(r" ~\d\d%    1%  ~\d\d%\n", text)
    assert text.endswith("~ is known from fewer than 10 flows\n")


def test_names_cannot_command_a_terminal():
    hostile = "\x1b[2J\r\n\x07"
    ways = [replace(way, name=f"Listen -> {hostile}") for way in WAYS]
    nodes = (node(hostile, 64, 0, MS, MS),)
    server = Served(hostile, hostile, 2, 1)
    profile = image_profile(ways, nodes=nodes, program=hostile, flux=hostile, server=server)
    text = shown(profile)
    assert not set(text) & {"\x1b", "\r", "\x07"}
    assert "␛[2J" in text


def test_what_is_large_stands_out_where_there_are_colors():
    assert "\x1b[1;31m77.3%\x1b[0m" in shown(image_profile(), paint=colored)


def test_flows_without_a_number_have_a_row():
    (way, *_) = WAYS
    unnumbered = replace(way, path=None, name="")
    assert "Listen -> (paths without a number)" in shown(image_profile([unnumbered]))


def test_values_around_a_mean_have_it():
    assert spread(1_000, MS).mean == MS

"""Pictures with a profile: what is hot, what is waited for, where flows went."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pictures.profiles import EMPTY, MS, made_up
from pictures.test_svg import BITTORRENT, parsed, texts, tooltips
from properties.programs import Choices, program_text

from flux.driver import compile_program
from flux.graph.draw import TooLargeToDrawError
from flux.picture.dot import as_hot_dot
from flux.picture.facts import facts_of
from flux.picture.scene import scene
from flux.picture.svg import as_svg
from flux.picture.traffic import followed, traffic
from flux.plan.paths import path_names
from flux.profile.model import Node
from flux.source import SourceFile

IMAGE = Path(__file__).parents[2] / "examples/image/image.flux"

PROGRAM = """\
source Listen => Serve;
Serve = Read -> Look -> Choose -> Answer;
typedef hit InCache;
Choose:[hit] = ;
Choose:[_] = Load;
handle error Load -> Refuse;
handle error Serve -> Apologize;
constraint Look:{cache?};
constraint Load:{cache};
Listen () -> (int socket);
Read (int socket) -> (int socket);
Look (int socket) -> (int socket);
Load (int socket) -> (int socket);
Answer (int socket) -> ();
Refuse (int socket) -> ();
Apologize (int socket) -> ();
"""


@pytest.fixture(scope="module")
def program():
    """The program, compiled."""
    return compile_program(SourceFile("program.flux", PROGRAM))


def numbers(plan):
    """The paths by name, each with its source."""
    return {
        name: (loop.source, number)
        for loop in plan.sources
        for number, name in path_names(plan, loop.source, 1000)
    }


@pytest.fixture(scope="module")
def profile(program):
    """90 hits, 10 misses, 5 of them failed, and 3 requests that couldn't be read."""
    paths = numbers(program.plan)
    return made_up(
        program.plan,
        {
            paths["Listen -> Read -> Look -> Choose:[hit] -> Answer"]: 90,
            paths["Listen -> Read -> Look -> Choose:[_] -> Load -> Answer"]: 5,
            paths["Listen -> Read -> Look -> Choose:[_] -> Load fails -> Refuse"]: 5,
            paths["Listen -> Read fails -> Apologize"]: 3,
        },
        {"Load": 60 * MS, "Read": 2 * MS},
        [("cache", "reader", "program", 100, MS // 2), ("cache", "writer", "program", 10, 4 * MS)],
    )


def test_a_small_program(program, profile, golden):
    drawn = as_svg(program.graph, "program.flux", profile)
    golden(Path(__file__).with_name("profile.svg"), drawn)


def test_nodes_show_their_share_and_their_mean_time(program, profile):
    shown = texts(as_svg(program.graph, "program.flux", profile))
    assert "59 % · 60 ms" in shown
    assert "20 % · 2.0 ms" in shown


def test_a_source_shows_its_turns_for_its_time_is_waiting(program, profile):
    assert "103 turns" in texts(as_svg(program.graph, "program.flux", profile))


def test_hotter_nodes_have_darker_colours(program, profile):
    svg = parsed(as_svg(program.graph, "program.flux", profile))
    fills = {
        group.findtext("{*}text"): group.find("{*}rect").get("style")
        for group in svg.iter("{http://www.w3.org/2000/svg}g")
        if group.find("{*}rect") is not None
    }
    green = {name: int(style[8:10], 16) for name, style in fills.items() if style}
    assert green["Load"] < green["Read"] < green["Answer"] < green["Refuse"]


def test_cases_show_how_many_flows_they_got(program, profile):
    shown = texts(as_svg(program.graph, "program.flux", profile))
    assert {"[hit] · 90", "[_] · 10"} < set(shown)


def test_lines_to_handlers_show_how_often_the_node_fails(program, profile):
    assert "50 %" in texts(as_svg(program.graph, "program.flux", profile))


def test_lines_from_frames_to_handlers_show_how_many_flows_went_there(program, profile):
    assert "3" in texts(as_svg(program.graph, "program.flux", profile))


def test_constraints_show_how_long_they_are_waited_for_in_their_mode(program, profile):
    shown = texts(as_svg(program.graph, "program.flux", profile))
    assert {"cache? waits 500 µs", "cache waits 4.0 ms"} < set(shown)


def test_nodes_that_were_never_called_say_so_and_are_faded(program):
    only_hits = {numbers(program.plan)["Listen -> Read -> Look -> Choose:[hit] -> Answer"]: 1}
    svg = as_svg(program.graph, "program.flux", made_up(program.plan, only_hits))
    assert texts(svg).count("never called") == 3
    assert 'class="faded"' in svg


def test_the_picture_tells_what_was_measured(program, profile):
    assert "profile of 10 s: 103 flows · python, pool · 2 processors" in texts(
        as_svg(program.graph, "program.flux", profile)
    )


def test_pointing_at_a_line_shows_how_many_flows_took_it(program, profile):
    assert "handle error Load -> Refuse;\n5 flows" in tooltips(
        as_svg(program.graph, "program.flux", profile)
    )


def test_flows_are_counted_on_each_line_they_took(program, profile):
    shown = scene(program.graph)
    counts = traffic(shown, profile)
    serve = next(item for item in shown.program.items if item.name == "Serve")
    names = {item.id: item.name for item in serve.items}
    assert {
        (names.get(e.start, "in"), names.get(e.end, "out")): counts[e.id] for e in serve.lines
    } == {
        ("in", "Read"): 103,
        ("Read", "Look"): 100,
        ("Look", "Choose"): 100,
        ("Choose", "Answer"): 95,
    }


def test_an_empty_profile_is_a_picture(program):
    svg = as_svg(program.graph, "program.flux", made_up(program.plan, {}))
    assert "profile of 10 s: 0 flows" in svg


def test_paths_that_the_program_does_not_have_are_counted_nowhere(profile):
    other = compile_program(SourceFile("p.flux", BITTORRENT.read_text(encoding="utf-8")))
    assert not traffic(scene(other.graph), profile)


def test_graphviz_shows_heat_and_the_flows_of_cases(program, profile):
    dot = as_hot_dot(program.graph, profile)
    assert 'label="Load {cache}\\n59 % · 60 ms", shape=box, style="rounded,filled"' in dot
    assert '[label="hit · 90", penwidth=6.0]' in dot
    assert '[label="error 50 %", style=dashed' in dot


def test_a_predicate_with_the_name_of_a_node_is_not_taken_for_it(profile):
    predicate = Node("Load", "predicate", 1, 1, EMPTY, EMPTY)
    other = msgspec.structs.replace(profile, nodes=(*profile.nodes, predicate))
    assert facts_of(other).nodes == facts_of(profile).nodes


def test_shares_never_exceed_the_whole(profile):
    known = facts_of(profile)
    assert all(0 <= (node.share or 0) <= 1 for node in known.nodes.values())


def follow_all(compilation):
    """Follow the first paths of each source; those that get lost."""
    shown = scene(compilation.graph)
    return [
        name
        for loop in compilation.plan.sources
        for _, name in path_names(compilation.plan, loop.source, 300)
        if followed(shown, loop.source, name) is None
    ]


def test_every_path_of_the_image_server_can_be_followed():
    assert not follow_all(compile_program(SourceFile("image.flux", IMAGE.read_text())))


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_every_path_of_any_program_can_be_followed(data):
    compilation = compile_program(SourceFile("p.flux", program_text(Choices(data))))
    try:
        assert not follow_all(compilation)
    except TooLargeToDrawError:
        return

"""Pictures of programs: what they show, and that they are SVG whatever a program is called."""

from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from drawing.graphs import overlap, passes_through
from hypothesis import example, given, settings
from hypothesis import strategies as st
from properties.programs import Choices, program_text

from flux.driver import compile_program
from flux.graph.draw import TooLargeToDrawError
from flux.picture.arrange import arranged
from flux.picture.cards import Cards
from flux.picture.scene import Frame, Kind, scene
from flux.picture.svg import as_svg
from flux.source import SourceFile

BITTORRENT = Path(__file__).with_name("bittorrent.flux")
GOLDEN = Path(__file__).parents[1] / "golden"
SVG = "{http://www.w3.org/2000/svg}"

LINES = """\
ReadLine () -> (str line);
Show (str line) -> ();
source ReadLine => Line;
Line = Show;
"""


def arrangement(graph):
    """Where everything of a program is, without a profile."""
    shown = scene(graph)
    labels = {line.id: line.text for line in all_lines(shown.program)}
    return arranged(shown, Cards(graph, None), labels)


def all_lines(frame):
    """The lines in a frame and in those in it."""
    yield from frame.lines
    for item in frame.items:
        if isinstance(item, Frame):
            yield from all_lines(item)


def check_that_nothing_overlaps(made):
    """Boxes and labels are apart, and lines run through no box."""
    rects = [made.layout.rects[name] for name in made.boxes]
    labels = list(made.layout.labels.values())
    assert not [pair for pair in combinations([*rects, *labels], 2) if overlap(*pair)]
    assert not [c for c in made.layout.curves for r in rects if passes_through(c, r)]


def parsed(svg):
    """The elements of a picture."""
    return ET.fromstring(svg)  # noqa: S314 -- we have just made it


def texts(svg):
    """The texts that a picture shows."""
    return [element.text for element in parsed(svg).iter(f"{SVG}text")]


def tooltips(svg):
    """What pointing at things shows."""
    return [element.text for element in parsed(svg).iter(f"{SVG}title")]


@pytest.mark.parametrize("case", ["cases", "handler", "session"])
def test_small_programs(case, graph, golden):
    golden(
        GOLDEN / case / "graph.svg", as_svg(graph(GOLDEN / case / "program.flux"), "program.flux")
    )


def test_a_picture_shows_nodes_cases_and_constraints(graph):
    shown = texts(as_svg(graph(BITTORRENT), "bittorrent.flux"))
    expected = ["bittorrent.flux", "CheckSockets", "[_, unchoke]", "state (session)", "clients?"]
    assert not set(expected) - set(shown)


def test_pointing_at_things_shows_their_statements(graph):
    shown = tooltips(as_svg(graph(BITTORRENT), "bittorrent.flux"))
    assert "Program graph of bittorrent.flux" in shown
    assert "ReadMessage (Client* client) -> (Client* client, Message* message)" in shown
    assert "handle error VerifyPiece -> DiscardPiece;" in shown


def test_no_lines_cross_in_the_paper_s_largest_program(graph):
    assert arrangement(graph(BITTORRENT)).layout.crossings == 0


def test_the_paper_s_largest_program_has_the_shape_of_a_screen(graph):
    layout = arrangement(graph(BITTORRENT)).layout
    assert 1.2 < layout.width / layout.height < 2.2


def test_nothing_in_the_paper_s_largest_program_overlaps(graph):
    check_that_nothing_overlaps(arrangement(graph(BITTORRENT)))


def test_nodes_of_a_flow_share_the_box_of_their_handler(graph):
    shown = scene(graph(BITTORRENT))
    accept = next(item for item in shown.program.items if item.name == "Accept")
    assert [box.name for box in accept.items].count("CloseConnection") == 1


def test_a_node_used_twice_is_drawn_twice(graph):
    made = arrangement(graph(BITTORRENT))
    assert [box.name for box in made.boxes.values()].count("SendBitfield") == 2


def test_the_first_node_of_a_source_is_drawn_as_one(graph):
    made = arrangement(graph(BITTORRENT))
    sources = {box.name for box in made.boxes.values() if box.kind is Kind.SOURCE}
    assert {"Listen", "GetClients"} < sources


def test_names_of_files_and_types_are_escaped(graph):
    name = "</text><script>alert('&')\x00\x1b\ud800.flux"
    svg = as_svg(graph(LINES.replace("str", "vector<const char*>")), name)
    assert "<script" not in svg
    assert texts(svg)[0] == "</text><script>alert('&')\ufffd\ufffd\ufffd.flux"
    assert "Show (vector<const char*> line) -> ()" in tooltips(svg)


def test_a_long_name_is_cut_and_its_tooltip_is_not(graph):
    name = "Show" * 40
    svg = as_svg(graph(LINES.replace("Show", name)), "lines.flux")
    assert name not in texts(svg)
    assert any(name in tooltip for tooltip in tooltips(svg))


def test_a_line_that_many_errors_share_names_some_of_them(graph):
    names = [f"N{n}" for n in range(12)]
    text = "Tick () -> ();\nsource Tick => Flow;\nStop () -> ();\n"
    text += f"Flow = {' -> '.join(names)};\nhandle error {', '.join(names)} -> Stop;\n"
    text += "".join(f"{name} () -> ();\n" for name in names)
    shown = tooltips(as_svg(graph(text), "p.flux"))
    assert any(tip.endswith("handle error N7 -> Stop;\n... and 3 more") for tip in shown)


def test_a_program_with_too_many_uses_is_refused(graph):
    doubled = "".join(f"N{n} = N{n + 1} -> N{n + 1};\n" for n in range(12))
    text = f"Tick () -> ();\nN12 () -> ();\nsource Tick => N0;\n{doubled}"
    with pytest.raises(TooLargeToDrawError, match="more than 2000 boxes"):
        as_svg(graph(text), "doubled.flux")


NOTHING_INSIDE = b"\x00\x00 M\x00\x00\x00 \x00M\x00\x00\x00\xcd"  # a node of no nodes, alone


@settings(deadline=None)
@given(st.binary(max_size=2000))
@example(NOTHING_INSIDE)
def test_any_program_becomes_a_picture_without_overlaps(data):
    compilation = compile_program(SourceFile("p.flux", program_text(Choices(data))))
    try:
        svg = as_svg(compilation.graph, "p.flux")
    except TooLargeToDrawError:
        return
    parsed(svg)
    check_that_nothing_overlaps(arrangement(compilation.graph))

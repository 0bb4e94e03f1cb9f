"""The pen writes what any XML parser reads back."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from flux.drawing.model import Rect
from flux.drawing.svg import Svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(svg):
    """The elements that a pen has written."""
    return ET.fromstring(str(svg))  # noqa: S314 -- we have just made it


@given(st.text(), st.text())
def test_any_text_is_well_formed(title, text):
    svg = Svg(10, 10, title, text)
    with svg.element("g", tooltip=text, kind=text):
        svg.text(1, 2, text, title)
    str(svg).encode()
    drawn(svg)


def test_texts_are_read_back_as_they_were():
    svg = Svg(10, 10, "a < b & c", 'says "no"')
    svg.text(1, 2, "x -> y <&> \"'")
    assert drawn(svg).findtext(f"{SVG}title") == "a < b & c"
    assert drawn(svg).findtext(f"{SVG}desc") == 'says "no"'
    assert drawn(svg).findtext(f"{SVG}text") == "x -> y <&> \"'"


def test_what_no_xml_may_hold_is_replaced():
    svg = Svg(10, 10, "a\x00b\x1b\ud800\ufffe")
    assert drawn(svg).findtext(f"{SVG}title") == "a�b���"


def test_numbers_have_at_most_one_decimal_place():
    svg = Svg(10, 10.04, "")
    svg.rect(Rect(1.25, -0.01, 3.0, 123456.78), radius=2)
    expected = {"x": "1.2", "y": "0", "width": "3", "height": "123456.8", "rx": "2"}
    assert dict(drawn(svg).find(f"{SVG}rect").attrib) == expected
    assert drawn(svg).get("viewBox") == "0 0 10 10"


def test_a_curve_is_straight_where_its_points_have_one_height():
    svg = Svg(10, 10, "")
    svg.curve(((0, 5), (10, 5), (20, 9)), "flow")
    assert drawn(svg).find(f"{SVG}path").get("d") == "M0 5H10C15 5 15 9 20 9"


def test_elements_nest():
    svg = Svg(10, 10, "")
    with svg.element("g", kind="outer"), svg.element("g", tooltip="inner"):
        svg.shape("circle", r=2)
    assert drawn(svg).find(f"{SVG}g/{SVG}g/{SVG}circle").get("r") == "2"

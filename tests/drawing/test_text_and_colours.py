"""How wide texts are, and what colours values get."""

from itertools import pairwise

from flux.drawing.colours import heat, lch, pastel
from flux.drawing.text import shortened, text_width


def light(colour):
    """How much light a colour has, roughly: enough to compare two."""
    red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
    return 0.3 * red + 0.6 * green + 0.1 * blue


def test_wide_letters_take_more_room_than_narrow_ones():
    assert text_width("WWW", 10) > text_width("abc", 10) > text_width("ill", 10)


def test_a_text_is_as_wide_as_its_letters_in_the_widest_font():
    assert text_width("Compress", 10) == 52


def test_bold_text_is_wider():
    assert text_width("Image", 10, bold=True) > text_width("Image", 10)


def test_characters_that_combine_take_no_room():
    assert text_width("e\u0301", 10) == text_width("e", 10)


def test_long_texts_are_cut_with_an_ellipsis():
    assert shortened("abcdef", 4) == "abc…"
    assert shortened("abcd", 4) == "abcd"


def test_colours_are_those_of_oklab():
    assert lch(1, 0, 0) == "#ffffff"
    assert lch(0, 0, 0) == "#000000"
    assert lch(0.628, 0.2577, 29.23) == "#ff0000"


def test_hotter_is_always_darker():
    scale = [light(heat(step / 20)) for step in range(21)]
    assert all(cooler > hotter for cooler, hotter in pairwise(scale))


def test_neighbouring_constraints_have_different_colours():
    assert len({pastel(number) for number in range(12)}) == 12
